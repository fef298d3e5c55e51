// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class InvisibleLeasesTest {
  private final InvisibleLeases<String> leases = new InvisibleLeases<>(Duration.ofSeconds(30));

  private static long at(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void isRenewedAtAThirdAndOnlyOnce() {
    leases.granted("a", at(0));
    assertEquals(List.of(), leases.due(at(9)));
    assertEquals(List.of("a"), leases.due(at(10)));
    assertEquals(List.of(), leases.due(at(11)), "it is on its way");
    assertTrue(leases.renewing("a"));
  }

  @Test
  void aRenewalCountsFromWhenItWasAskedFor() {
    leases.granted("a", at(0));
    assertEquals(List.of("a"), leases.due(at(10)));
    leases.renewed("a", at(10));
    assertFalse(leases.renewing("a"));
    assertTrue(leases.valid("a", at(39)));
    assertFalse(leases.valid("a", at(40)));
    assertEquals(List.of(), leases.due(at(19)));
    assertEquals(List.of("a"), leases.due(at(20)));
  }

  @Test
  void afterAFailedRenewalItIsNeverOursAgain() {
    leases.granted("a", at(0));
    assertEquals(List.of("a"), leases.due(at(10)));
    leases.failed("a");
    assertFalse(leases.valid("a", at(11)));
    assertEquals(List.of(), leases.due(at(20)));
    assertEquals(List.of("a"), leases.lost(at(21)));
    assertEquals(List.of(), leases.lost(at(29)), "told once");
    leases.renewed("a", at(10));
    assertFalse(leases.valid("a", at(22)));
  }

  @Test
  void anUnansweredRenewalDoesNotProlong() {
    leases.granted("a", at(0));
    assertEquals(List.of("a"), leases.due(at(10)));
    assertTrue(leases.valid("a", at(29)));
    assertFalse(leases.valid("a", at(30)));
    assertEquals(List.of("a"), leases.lost(at(30)));
  }

  @Test
  void whatNobodyTendedIsLostAndNotRenewed() {
    leases.granted("a", at(0));
    assertEquals(List.of(), leases.due(at(31)));
    assertEquals(List.of("a"), leases.lost(at(31)));
  }

  @Test
  void aNewHandleStartsAnew() {
    leases.granted("a", at(0));
    leases.failed("a");
    leases.granted("a", at(5));
    assertTrue(leases.valid("a", at(34)));
    assertEquals(List.of("a"), leases.due(at(15)));
  }

  @Test
  void theSettledIsForgotten() {
    leases.granted("a", at(0));
    leases.granted("b", at(1));
    leases.ended("a");
    assertEquals(List.of("b"), leases.due(at(12)));
    assertEquals(List.of("b"), leases.lost(at(40)));
  }

  @Test
  void tellsWhenSomethingIsDue() {
    assertEquals(Long.MAX_VALUE, leases.untilDue(at(0)));
    leases.granted("a", at(0));
    assertEquals(at(10), leases.untilDue(at(0)));
    assertEquals(0, leases.untilDue(at(12)));
  }
}
