// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.message.Lanes;
import java.io.IOException;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's own client as its documentation shows asynchronous confirms: one channel and an
 * ordered map of what is unconfirmed. Persistent and mandatory, with an id, without which a
 * returned message could not be told from another.
 */
final class BareRabbit implements Contestant {
  private final Connection connection;
  private final Channel channel;
  private final ConcurrentNavigableMap<Long, byte[]> unconfirmed = new ConcurrentSkipListMap<>();
  private final Window window;
  private final Tally tally;
  private final int lanes;
  private long id;

  /** Where to publish: lane {@code n} has the routing key {@code n}. */
  record Place(String uri, int lanes) {}

  private BareRabbit(Place place, int window, Tally tally) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(place.uri);
    factory.setAutomaticRecoveryEnabled(false);
    this.connection = factory.newConnection("bare");
    this.channel = connection.createChannel();
    this.window = new Window(window);
    this.tally = tally;
    this.lanes = place.lanes;
    channel.confirmSelect();
    channel.addConfirmListener(this::acked, (number, multiple) -> nacked(number));
    channel.addReturnListener(
        back -> tally.failed(new IOException("returned: " + back.getReplyText())));
  }

  static Opener opener(Place place, int window) {
    return tally -> new BareRabbit(place, window, tally);
  }

  @Override
  public void send(String topic, String key, byte[] body) throws Exception {
    window.enter(body.length);
    unconfirmed.put(channel.getNextPublishSeqNo(), body);
    publish(topic, key, body);
  }

  private void publish(String topic, String key, byte[] body) throws IOException {
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder().deliveryMode(2).messageId(Long.toString(id++)).build();
    channel.basicPublish(topic, Integer.toString(Lanes.of(key, lanes)), true, properties, body);
  }

  private void acked(long number, boolean multiple) {
    if (!multiple) {
      acked(unconfirmed.remove(number));
      return;
    }
    ConcurrentNavigableMap<Long, byte[]> all = unconfirmed.headMap(number, true);
    all.values().forEach(this::acked);
    all.clear();
  }

  /** Null for one that was sent and waited for. */
  private void acked(byte @Nullable [] body) {
    if (body != null) {
      window.leave(body.length);
      tally.confirmed();
    }
  }

  private void nacked(long number) {
    tally.failed(new IOException("nacked: " + number));
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body)
      throws IOException, InterruptedException, TimeoutException {
    publish(topic, key, body);
    channel.waitForConfirmsOrDie(30_000);
  }

  @Override
  public void close() {
    connection.abort();
  }
}
