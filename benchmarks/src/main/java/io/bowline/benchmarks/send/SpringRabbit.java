// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import com.rabbitmq.client.ConnectionFactory;
import io.bowline.message.Lanes;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Spring's template with correlated confirms and mandatory publishing. */
final class SpringRabbit implements Contestant {
  private final CachingConnectionFactory connections;
  private final RabbitTemplate template;
  private final Window window;
  private final Tally tally;
  private final int lanes;
  private long id;

  private SpringRabbit(BareRabbit.Place place, int window, Tally tally) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(place.uri());
    factory.setAutomaticRecoveryEnabled(false);
    this.connections = new CachingConnectionFactory(factory);
    connections.setPublisherConfirmType(ConfirmType.CORRELATED);
    connections.setPublisherReturns(true);
    this.template = new RabbitTemplate(connections);
    template.setMandatory(true);
    this.window = new Window(window);
    this.tally = tally;
    this.lanes = place.lanes();
  }

  static Opener opener(BareRabbit.Place place, int window) {
    return tally -> new SpringRabbit(place, window, tally);
  }

  @Override
  public void send(String topic, String key, byte[] body) throws InterruptedException {
    window.enter(body.length);
    var unused =
        publish(topic, key, body)
            .getFuture()
            .whenComplete(
                (confirm, failure) -> {
                  window.leave(body.length);
                  boolean stored = failure == null && confirm.ack();
                  tally.outcome(stored ? null : new IllegalStateException("no ack", failure));
                });
  }

  private CorrelationData publish(String topic, String key, byte[] body) {
    String name = Long.toString(id++);
    MessageProperties properties = new MessageProperties();
    properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
    properties.setMessageId(name);
    CorrelationData correlation = new CorrelationData(name);
    template.send(
        topic, Integer.toString(Lanes.of(key, lanes)), new Message(body, properties), correlation);
    return correlation;
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body) throws Exception {
    var unused = publish(topic, key, body).getFuture().get();
  }

  @Override
  public void close() {
    template.stop();
    connections.destroy();
  }
}
