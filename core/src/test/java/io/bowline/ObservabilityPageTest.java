// SPDX-License-Identifier: Apache-2.0
package io.bowline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Message;
import io.bowline.outbox.EmptyOutbox;
import io.bowline.outbox.OutboxRelay;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.telemetry.Observed;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Await;
import io.bowline.transport.BrokerMeters;
import io.bowline.transport.Connected;
import io.bowline.transport.ScriptedTransport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page on figures and traces says is what programs show, no less and no more. */
@Timeout(60)
final class ObservabilityPageTest {
  private final ObservabilityPage page = new ObservabilityPage();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Observed observed = new Observed();
  private final ScriptedTransport broker =
      new ScriptedTransport().topic("orders", 2).topic("dead", 1);
  private final Connected connected =
      broker.connected().telemetry(Telemetry.NONE.meters(registry).observations(observed.registry));

  ObservabilityPageTest() throws IOException {}

  @Test
  void theMetersArePutDown() throws InterruptedException {
    BrokerMeters connections = new BrokerMeters(registry, "kafka");
    connections.lost("publishing", "reset");
    connections.blocked("full buffer", "32 MiB");
    try (ReliableProducer producer = new ProducerBuilder(connected, "shop").open();
        ReliableConsumer consumer =
            new ConsumerBuilder(connected, "orders", "billing").start(message -> {});
        OutboxRelay relay =
            OutboxRelay.of(new EmptyOutbox(), new ProducerBuilder(connected, "trades"))
                .metrics(registry)
                .start()) {
      assertEquals(0, relay.lanes());
      assertEquals("billing", consumer.group());
      var sent = producer.send(Message.to("orders").text("100"));
      broker.nextSend().confirm();
      sent.join();
      Set<String> registered =
          registry.getMeters().stream()
              .map((Meter meter) -> ObservabilityPage.told(meter))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(page.meters(), registered);
    }
    connections.close();
    assertEquals(0, registry.getMeters().size(), "what was closed left meters behind");
  }

  @Test
  void theObservationsArePutDown() throws InterruptedException {
    ConsumerBuilder builder =
        new ConsumerBuilder(connected, "orders", "billing").deadLetters("dead");
    try (ReliableConsumer consumer =
        builder.start(
            message -> {
              throw new Unprocessable("no such bean");
            })) {
      broker.nextSubscription().deliver(0, "k", "a", Map.of());
      broker.nextSend().confirm();
      Await.until(consumer + " told all", () -> observed.ended.size() >= 3);
    }
    Set<String> names =
        observed.ended.stream()
            .map(Observation.Context::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(page.observations(), names);
    for (Observation.Context one : observed.ended) {
      assertEquals(page.keys(String.valueOf(one.getName())), ObservabilityPage.told(one));
    }
  }
}
