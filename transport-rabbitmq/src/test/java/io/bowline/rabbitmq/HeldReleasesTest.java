// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.rabbitmq.Deliveries.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldReleasesTest {
  private final HeldReleases held = new HeldReleases();

  @Test
  void nothingComesBeforeItsTime() {
    held.hold(Deliveries.of(new Sample(1, "a", 1)), 100);
    assertEquals(List.of(), tags(held.take(10, 99)));
    assertEquals(1, held.untilNext(99, 50));
    assertEquals(20, held.untilNext(50, 20));
    assertEquals(List.of(1L), tags(held.take(10, 100)));
    assertEquals(30, held.untilNext(100, 30));
  }

  @Test
  void thoseOfOneTimeComeInTheirOrder() {
    for (long tag : new long[] {3, 1, 2}) {
      held.hold(Deliveries.of(new Sample(tag, "m" + tag, 1)), 5);
    }
    assertEquals(List.of(1L, 2L), tags(held.take(2, 5)));
    assertEquals(List.of(3L), tags(held.take(2, 5)));
  }

  @Test
  void attemptsDoNotFallWhenAMessageComesByAnotherChannel() {
    Attempts attempts = new Attempts(10);
    attempts.remember(Deliveries.of(new Sample(1, "a", 5)));
    assertEquals(6, attempts.counted(Deliveries.of(new Sample(1, "a", 2))).attempt());
    assertEquals(9, attempts.counted(Deliveries.of(new Sample(1, "a", 9))).attempt());
    assertEquals(1, attempts.counted(Deliveries.of(new Sample(1, "b", 1))).attempt());
    attempts.forget(Deliveries.of(new Sample(1, "a", 5)));
    assertEquals(2, attempts.counted(Deliveries.of(new Sample(1, "a", 2))).attempt());
  }

  @Test
  void attemptsForgetTheOldestBeyondTheirBound() {
    Attempts attempts = new Attempts(2);
    for (String id : List.of("a", "b", "c")) {
      attempts.remember(Deliveries.of(new Sample(1, id, 5)));
    }
    assertEquals(1, attempts.counted(Deliveries.of(new Sample(1, "a", 1))).attempt());
    assertEquals(6, attempts.counted(Deliveries.of(new Sample(1, "c", 1))).attempt());
  }

  private static List<Long> tags(List<RabbitDelivery> deliveries) {
    return deliveries.stream().map(RabbitDelivery::tag).toList();
  }
}
