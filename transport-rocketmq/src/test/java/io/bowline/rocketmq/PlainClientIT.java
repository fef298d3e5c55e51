// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Beside those who use the client without Bowline. */
final class PlainClientIT {
  private static final BrokerAddress ADDRESS = BrokerAddress.parse(Servers.rocketmq().address());
  private static Transport transport;

  private final ClientServiceProvider client = ClientServiceProvider.loadService();
  private final String topic = "plain." + UUID.randomUUID();
  private final String group = topic + ".group";

  @BeforeAll
  static void connect() {
    transport = new RocketTransportProvider().open(TransportConfig.of(ADDRESS));
  }

  @AfterAll
  static void disconnect() {
    transport.close();
  }

  private ClientConfiguration plain() {
    return ClientConfiguration.newBuilder()
        .setEndpoints(String.join(";", ADDRESS.hosts(8081)))
        .enableSsl(false)
        .setRequestTimeout(Duration.ofSeconds(5))
        .build();
  }

  @Test
  void aPlainClientReadsOurs() throws Exception {
    transport.admin().ensure(TopicSpec.of(topic).groups(group));
    byte[] body = "m7".getBytes(UTF_8);
    transport.send(new Outgoing("id", topic, 7, "k7", Map.of("n", "7"), body)).join();
    try (SimpleConsumer consumer =
        client
            .newSimpleConsumerBuilder()
            .setClientConfiguration(plain())
            .setConsumerGroup(RocketNames.group(group))
            .setAwaitDuration(Duration.ofSeconds(5))
            .setSubscriptionExpressions(Map.of(RocketNames.topic(topic), FilterExpression.SUB_ALL))
            .build()) {
      List<MessageView> views = new ArrayList<>();
      long end = System.nanoTime() + Reading.PATIENCE.toNanos();
      while (views.isEmpty() && System.nanoTime() - end < 0) {
        views.addAll(consumer.receive(1, Duration.ofSeconds(30)));
      }
      MessageView view = views.get(0);
      assertEquals("m7", UTF_8.decode(view.getBody()).toString());
      assertEquals("7", view.getProperties().get("n"));
      assertEquals(List.of("k7"), List.copyOf(view.getKeys()));
      assertEquals("L7", view.getMessageGroup().orElseThrow());
    }
  }

  @Test
  void weReadAPlainClientsMessage() throws Exception {
    transport.admin().ensure(TopicSpec.of(topic).groups(group));
    String id;
    try (Producer producer = client.newProducerBuilder().setClientConfiguration(plain()).build()) {
      Message message =
          client
              .newMessageBuilder()
              .setTopic(RocketNames.topic(topic))
              .setMessageGroup("user-7")
              .setTag("tagged")
              .addProperty("type", "Order")
              .setBody("plain".getBytes(UTF_8))
              .build();
      id = producer.send(message).getMessageId().toString();
    }
    try (Subscription subscription =
        transport.subscribe(new SubscriptionSpec(topic, group, 100), Reading.ANY_LANE)) {
      Delivery got = Reading.receive(subscription, some -> !some.isEmpty()).get(0);
      assertEquals("plain", Reading.text(got));
      assertEquals("user-7", got.key());
      assertEquals(Map.of("type", "Order"), got.headers());
      assertEquals(id, got.nativeId());
      assertEquals(1, got.attempt());
      assertFalse(got.position().isBlank());
    }
  }
}
