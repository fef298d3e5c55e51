// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BrokerMetersTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final BrokerMeters meters = new BrokerMeters(registry, "rabbitmq");

  private double count(String name, String connection) {
    return registry
        .get(name)
        .tags("broker", "rabbitmq", "connection", connection)
        .counter()
        .count();
  }

  @Test
  void lossesAndReturnsAreCountedByConnection() {
    meters.lost("publishing", "reset");
    meters.lost("publishing", "reset");
    meters.restored("publishing");
    meters.lost("consuming", "reset");
    assertEquals(2, count("bowline.connection.lost", "publishing"));
    assertEquals(1, count("bowline.connection.restored", "publishing"));
    assertEquals(1, count("bowline.connection.lost", "consuming"));
    assertEquals(0, count("bowline.connection.restored", "consuming"));
  }

  @Test
  void blockedTimeIsMeasuredWhileItLastsAndAfter() {
    meters.blocked("memory alarm", "node a");
    clock.add(Duration.ofSeconds(3));
    meters.blocked("memory alarm", "nodes a and b");
    LongTaskTimer active = registry.get("bowline.broker.blocked.active").longTaskTimer();
    assertEquals(3, active.duration(TimeUnit.SECONDS), 0.001);
    assertEquals(1, active.activeTasks());
    clock.add(Duration.ofSeconds(2));
    meters.unblocked("memory alarm");
    Timer over = registry.get("bowline.broker.blocked").tag("cause", "memory alarm").timer();
    assertEquals(5, over.totalTime(TimeUnit.SECONDS), 0.001);
    assertEquals(0, active.activeTasks());
  }

  @Test
  void theEndOfAnUnknownCauseIsNothing() {
    meters.unblocked("disk alarm");
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void namesAreBounded() {
    for (int i = 0; i < BrokerMeters.MAX_NAMES + 10; i++) {
      meters.lost("connection " + i, "reset");
    }
    assertEquals(
        BrokerMeters.MAX_NAMES + 1, registry.find("bowline.connection.lost").counters().size());
    assertEquals(10, count("bowline.connection.lost", BrokerMeters.OTHER));
  }

  @Test
  void closingLeavesNothingBehind() {
    meters.lost("publishing", "reset");
    meters.blocked("memory alarm", "node a");
    meters.close();
    assertTrue(registry.getMeters().isEmpty());
  }
}
