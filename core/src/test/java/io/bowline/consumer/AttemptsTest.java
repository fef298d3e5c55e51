// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.retry.Retry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is forgiven: {@link ConsumerAttemptsTest} has the rest. */
class AttemptsTest {
  private final MemoryAttempts store = new MemoryAttempts();
  private final Work work = Works.stamped(new LaneWork(0), "m");
  private final Attempts attempts = new Attempts(store, Retry.attempts(3), "billing");

  @Test
  void aCallThatCountsForNothingIsForgiven() {
    store.counts.put("m", 1); // of a member whose process ended
    attempts.begin(work);
    attempts.ended(work, new IllegalStateException("interrupted by a closing"), false);
    assertEquals(Map.of("m", 1), store.counts);
  }

  @Test
  void whatWasNeverCountedIsNotForgiven() {
    store.counts.put("m", 2);
    attempts.ended(work, new ClaimBusy(Duration.ofSeconds(1)), false);
    assertEquals(Map.of("m", 2), store.counts);
    AttemptNotRecorded failure = new AttemptNotRecorded(new IllegalStateException("away"));
    attempts.ended(work, failure, false);
    assertEquals(Map.of("m", 2), store.counts);
  }
}
