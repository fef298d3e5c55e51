// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.message.Lanes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.message.MessageBuilder;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.apis.producer.SendReceipt;

/**
 * RocketMQ's own client: asynchronous sends, either without order to a topic of their own, or with
 * message groups of which each has one send under way, without which the client keeps no order.
 */
final class BareRocket implements Contestant {
  /** The topic of what is sent without order: of type NORMAL. */
  static final String WITHOUT_ORDER = "benchmark-normal";

  private static final ClientServiceProvider CLIENT = ClientServiceProvider.loadService();

  private final Producer producer;
  private final Window window;
  private final Tally tally;

  /** The last send of each group; none without order. */
  private final CompletableFuture<?>[] lastOfGroup;

  private BareRocket(Producer producer, int groups, Window window, Tally tally) {
    this.producer = producer;
    this.window = window;
    this.tally = tally;
    this.lastOfGroup = new CompletableFuture<?>[groups];
    Arrays.fill(lastOfGroup, CompletableFuture.completedFuture(null));
  }

  /** With so many message groups, or without order if 0. */
  static Opener opener(String endpoints, int groups, int window) {
    return tally -> {
      ClientConfiguration configuration =
          ClientConfiguration.newBuilder().setEndpoints(endpoints).enableSsl(false).build();
      Producer producer = CLIENT.newProducerBuilder().setClientConfiguration(configuration).build();
      return new BareRocket(producer, groups, new Window(window), tally);
    };
  }

  @Override
  public void send(String topic, String key, byte[] body) throws InterruptedException {
    window.enter(body.length);
    CompletableFuture<?> sent = inTurn(topic, key, body);
    var unused =
        sent.whenComplete(
            (receipt, failure) -> {
              window.leave(body.length);
              tally.outcome(failure);
            });
  }

  private CompletableFuture<?> inTurn(String topic, String key, byte[] body) {
    if (lastOfGroup.length == 0) {
      return producer.sendAsync(message(topic, key, body));
    }
    int group = Lanes.of(key, lastOfGroup.length);
    Message message = message(topic, key, body);
    CompletableFuture<?> before = lastOfGroup[group];
    CompletableFuture<SendReceipt> sent =
        before.isDone()
            ? producer.sendAsync(message)
            : before.handle((done, failure) -> message).thenCompose(producer::sendAsync);
    lastOfGroup[group] = sent;
    return sent;
  }

  private Message message(String topic, String key, byte[] body) {
    MessageBuilder message = CLIENT.newMessageBuilder().setKeys(key).setBody(body);
    return lastOfGroup.length == 0
        ? message.setTopic(WITHOUT_ORDER).build()
        : message.setTopic(topic).setMessageGroup("L" + Lanes.of(key, lastOfGroup.length)).build();
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body) throws Exception {
    var unused = producer.send(message(topic, key, body));
  }

  @Override
  public void close() {
    try {
      producer.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
