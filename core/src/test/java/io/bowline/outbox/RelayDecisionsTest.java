// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How lanes are shared, how often it is asked, and what is told. */
final class RelayDecisionsTest {
  private static LaneShare share(int mine, int relays, int free) {
    return LaneShare.of(32, mine, new Standing(List.of(), relays, free));
  }

  @Test
  void eachRelayHasAsManyLanesAsTheOthersRoundedUp() {
    assertEquals(new LaneShare(32, 0), share(0, 1, 32));
    assertEquals(new LaneShare(0, 16), share(32, 2, 0));
    assertEquals(new LaneShare(11, 0), share(0, 3, 20));
    assertEquals(new LaneShare(5, 0), share(0, 3, 5));
    assertEquals(new LaneShare(0, 0), share(11, 3, 0));
    assertEquals(new LaneShare(0, 1), share(1 + 1, 32, 9));
    assertEquals(new LaneShare(1, 0), share(0, 40, 9));
    assertEquals(new LaneShare(32, 0), share(0, 0, 32));
  }

  /** However they come and go, shares of all suffice for all lanes, and nobody starves. */
  @Test
  void sharesOfAllRelaysCoverAllLanes() {
    for (int relays = 1; relays <= 40; relays++) {
      int share = share(0, relays, 32).take();
      assertTrue(share * relays >= 32 && share >= 1, "relays " + relays);
      assertEquals(0, share(share, relays, 0).give());
    }
  }

  @Test
  void anEmptyOutboxIsAskedLessAndLessOften() {
    PollPace pace = new PollPace();
    assertEquals(20, pace.after(false));
    assertEquals(40, pace.after(false));
    for (int i = 0; i < 9; i++) {
      assertTrue(pace.after(false) <= PollPace.LONGEST_MILLIS);
    }
    assertEquals(PollPace.LONGEST_MILLIS, pace.after(false));
    assertEquals(PollPace.SHORTEST_MILLIS, pace.after(true));
  }

  @Test
  void afterAnAppendItIsAskedOftenForAWhile() {
    PollPace pace = new PollPace();
    pace.expected();
    for (int i = 0; i < 50; i++) {
      assertEquals(PollPace.SHORTEST_MILLIS, pace.after(false));
    }
    assertEquals(2 * PollPace.SHORTEST_MILLIS, pace.after(false));
  }

  @Test
  void healthSaysWhatWaitsAndWhy() {
    Duration minute = Duration.ofMinutes(1);
    Pending fine = new Pending(7, minute, 0);
    assertEquals(OutboxHealth.Status.UP, OutboxHealth.of(fine, minute, true).status());
    OutboxHealth bad = OutboxHealth.of(new Pending(7, minute.plusMillis(1), 2), minute, false);
    assertEquals(OutboxHealth.Status.DEGRADED, bad.status());
    assertEquals(3, bad.reasons().size(), () -> "" + bad);
  }

  @Test
  void aRowHasAnId() {
    Message without = Message.to("t");
    assertThrows(IllegalArgumentException.class, () -> new OutboxRow(1, 0, without));
    assertThrows(IllegalArgumentException.class, () -> new OutboxRow(1, -1, without.id("m")));
  }

  @Test
  void numbersAreThoseOfTheRowThatThisThreadSends() {
    RowNumbers numbers = new RowNumbers();
    var key = List.of(new io.bowline.sequence.SequenceKey("t", "k"));
    Message message = Message.to("t").key("k").id("m");
    OutboxRow row = new OutboxRow(1, 7, message);
    List<Long> given = numbers.with(row, () -> numbers.next("s", key, Duration.ZERO));
    assertEquals(List.of(7L), given);
    assertFalse(numbers.with(row, numbers::again));
    assertTrue(numbers.with(new OutboxRow(1, 7, message, true), numbers::again));
    assertFalse(numbers.again());
    assertThrows(IllegalStateException.class, () -> numbers.next("s", key, Duration.ZERO));
  }
}
