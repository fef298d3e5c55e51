// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.telemetry.Telemetry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SendMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Telemetry telemetry = Telemetry.NONE.meters(registry);
  private final SendMeters meters = new SendMeters(telemetry, "shop");

  private Timer sends(String topic, String outcome) {
    return registry
        .get("bowline.producer.sends")
        .tags("source", "shop", "topic", topic, "outcome", outcome)
        .timer();
  }

  @Test
  void eachOutcomeIsCountedWithItsTime() {
    TopicMeters orders = meters.topic("orders");
    Map.of(Outcome.CONFIRMED, 3, Outcome.REJECTED, 2, Outcome.UNKNOWN, 1)
        .forEach(
            (outcome, times) -> {
              for (int i = 0; i < times; i++) {
                orders.ended(outcome, 1_000_000);
              }
            });
    assertEquals(3, sends("orders", "confirmed").count());
    assertEquals(3, sends("orders", "confirmed").totalTime(TimeUnit.MILLISECONDS), 0.001);
    assertEquals(2, sends("orders", "rejected").count());
    assertEquals(1, sends("orders", "unknown").count());
  }

  @Test
  void retriesAndReorderingsAreCountedByTopic() {
    meters.topic("orders").retried();
    meters.topic("orders").retried();
    meters.topic("orders").reordered();
    meters.topic("bills").retried();
    assertEquals(2, count("bowline.producer.retries", "orders"));
    assertEquals(1, count("bowline.producer.retries", "bills"));
    assertEquals(1, count("bowline.producer.reordered", "orders"));
    assertEquals(0, count("bowline.producer.reordered", "bills"));
  }

  private double count(String name, String topic) {
    return registry.get(name).tags("source", "shop", "topic", topic).counter().count();
  }

  @Test
  void waitsForRoomAreTimed() {
    meters.waited(2_000_000);
    Timer waits = registry.get("bowline.producer.window.wait").tag("source", "shop").timer();
    assertEquals(1, waits.count());
    assertEquals(2, waits.totalTime(TimeUnit.MILLISECONDS), 0.001);
  }

  @Test
  void whatIsInFlightIsShownBesideItsBounds() {
    AtomicInteger messages = new AtomicInteger(2);
    meters.inFlight(messages::get, () -> 300);
    meters.window(10, 1_000);
    messages.set(7);
    assertEquals(7, gauge("bowline.producer.inflight.messages"));
    assertEquals(300, gauge("bowline.producer.inflight.bytes"));
    assertEquals(10, gauge("bowline.producer.window.messages"));
    assertEquals(1_000, gauge("bowline.producer.window.bytes"));
  }

  private double gauge(String name) {
    return registry.get(name).tag("source", "shop").gauge().value();
  }

  @Test
  void topicsAreBounded() {
    for (int i = 0; i < SendMeters.MAX_TOPICS + 5; i++) {
      meters.topic("topic " + i).retried();
    }
    assertEquals(
        SendMeters.MAX_TOPICS + 1, registry.find("bowline.producer.retries").counters().size());
    assertEquals(5, count("bowline.producer.retries", SendMeters.OTHER));
    assertSame(meters.topic("topic 3"), meters.topic("topic 3"));
  }

  @Test
  void producersOfOneSourceAddUp() {
    SendMeters other = new SendMeters(telemetry, "shop");
    meters.inFlight(() -> 2, () -> 20);
    other.inFlight(() -> 3, () -> 30);
    meters.topic("orders").ended(Outcome.CONFIRMED, 1);
    other.topic("orders").ended(Outcome.CONFIRMED, 1);
    assertEquals(5, gauge("bowline.producer.inflight.messages"));
    assertEquals(2, sends("orders", "confirmed").count());
    other.close();
    assertEquals(2, gauge("bowline.producer.inflight.messages"));
    assertEquals(2, sends("orders", "confirmed").count());
  }

  @Test
  void closingLeavesNothingBehind() {
    meters.inFlight(() -> 2, () -> 20);
    meters.window(10, 1_000);
    meters.topic("orders").retried();
    meters.close();
    assertTrue(registry.getMeters().isEmpty());
    meters.topic("bills").retried();
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void withoutARegistryNothingIsKept() {
    SendMeters none = new SendMeters(Telemetry.NONE, "shop");
    assertFalse(none.on());
    none.inFlight(() -> 1, () -> 1);
    none.window(1, 1);
    none.waited(1);
    assertSame(TopicMeters.NONE, none.topic("orders"));
    none.topic("orders").ended(Outcome.CONFIRMED, 1);
    none.topic("orders").retried();
    none.topic("orders").reordered();
    none.close();
  }
}
