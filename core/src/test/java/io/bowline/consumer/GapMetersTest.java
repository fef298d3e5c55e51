// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.Sight;
import io.bowline.message.StampCodec;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is measured of missing numbers. */
@Timeout(60)
class GapMetersTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 2);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private ScriptedSubscription start() throws InterruptedException {
    broker.lateness(Duration.ofMillis(20));
    opened.add(
        new ConsumerBuilder(
                broker.connected().telemetry(Telemetry.NONE.meters(registry)), "orders", "billing")
            .start(message -> {}));
    return broker.nextSubscription();
  }

  private double gauge(String name) {
    return registry.get(name).tags("group", "billing", "topic", "orders").gauge().value();
  }

  private double count(String name) {
    return registry.get(name).tags("group", "billing", "topic", "orders").counter().count();
  }

  private double numbers(String change) {
    return registry.get("bowline.consumer.gaps").tag("change", change).counter().count();
  }

  private double seen(String sight) {
    return registry.get("bowline.consumer.numbers").tag("seen", sight).counter().count();
  }

  @Test
  void whatIsMissingShowsAndWhatBecameOfItIsCounted() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Await.until("it shows", () -> gauge("bowline.consumer.gaps.open") == 2);
    assertEquals(0, gauge("bowline.consumer.gaps.suspect"));
    Await.until("it ages", () -> gauge("bowline.consumer.gaps.age") > 0);
    Numbers.deliver(member, 4, 4);
    Await.until("one is filled", () -> gauge("bowline.consumer.gaps.open") == 1);
    assertEquals(2, numbers("found"));
    assertEquals(1, numbers("filled"));
    assertEquals(0, numbers("voided"));
    assertEquals(
        List.of(1.0, 1.0, 1.0), List.of(seen("baseline"), seen("late"), seen("duplicate")));
  }

  @Test
  void whatMayStillComeShowsByItself() throws InterruptedException {
    broker.lateness(Duration.ofHours(1));
    opened.add(
        new ConsumerBuilder(
                broker.connected().telemetry(Telemetry.NONE.meters(registry)), "orders", "billing")
            .start(message -> {}));
    Numbers.deliver(broker.nextSubscription(), 1, 2, 3, 7);
    Await.until("it shows", () -> gauge("bowline.consumer.gaps.suspect") == 3);
    assertEquals(0, gauge("bowline.consumer.gaps.open"));
    assertEquals(0, gauge("bowline.consumer.gaps.age"));
  }

  @Test
  void stampsThatCannotBeReadAreCounted() throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver(0, "k", "a", Map.of(StampCodec.HEADER, "not a stamp"));
    Await.until("it is counted", () -> count("bowline.consumer.stamps.garbled") == 1);
  }

  @Test
  void noMoreGapsAreShownThanIsBoundAndAllAreCounted() {
    GapView view = new GapView(Clock.fixed(NOW.plusSeconds(90), ZoneOffset.UTC));
    Gap.Chain chain = new Gap.Chain("orders", "billing", "shop", 1, 0);
    List<Gap> many = new ArrayList<>();
    for (int i = 0; i <= GapView.MAX_SHOWN; i++) {
      many.add(new Gap(chain, 3L * i + 1, 3L * i + 2, List.of(), NOW.plusSeconds(i), State.GAP));
    }
    view.show(many);
    assertEquals(many.subList(0, GapView.MAX_SHOWN), view.gaps());
    assertEquals(2.0 * many.size(), view.missing());
    assertEquals(90, view.oldestSeconds());
  }

  @Test
  void noMoreDismissalsWaitThanIsBound() {
    GapView view = new GapView(Clock.systemUTC());
    Gap.Chain chain = new Gap.Chain("orders", "billing", "shop", 1, 0);
    Gap gap = new Gap(chain, 1, 1, List.of(), NOW, State.GAP);
    for (int i = 0; i < GapView.MAX_ASKED; i++) {
      assertTrue(!view.dismiss(gap, "r").isDone());
    }
    assertTrue(view.dismiss(gap, "r").isCompletedExceptionally());
    assertTrue(view.next() != null);
    assertTrue(!view.dismiss(gap, "r").isDone());
    view.close();
    assertTrue(view.next() == null);
  }

  @Test
  void withoutARegistryNothingIsKept() {
    GapMeters.NONE.garbled();
    GapMeters.NONE.saw(Sight.DUPLICATE);
    GapMeters.NONE.open(new GapView(Clock.systemUTC()));
    Gap.Chain chain = new Gap.Chain("orders", "billing", "shop", 1, 0);
    GapMeters.NONE.told(new Gap(chain, 1, 1, List.of(), NOW, State.GAP));
    assertEquals(List.of(), registry.getMeters());
  }
}
