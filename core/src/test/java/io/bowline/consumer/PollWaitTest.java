// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PollWaitTest {
  @Test
  void itIsLongWhileNothingIsAtWorkAndShortWhileHandlersAre() {
    PollWait wait = new PollWait(false);
    assertEquals(PollWait.IDLE, wait.next(10, 0));
    wait.delivered();
    assertEquals(PollWait.BUSY, wait.next(10, 1));
  }

  @Test
  void aFullConsumerPollsForTheBrokersSakeAlone() {
    assertEquals(Duration.ZERO, new PollWait(true).next(0, 10));
  }

  @Test
  void aBrokerThatWaitsForSettlementsHearsOfQuickHandlersSoonAndOfSlowOnesLater() {
    PollWait wait = new PollWait(true);
    wait.delivered();
    for (int i = 0; i < PollWait.EAGER_POLLS; i++) {
      assertEquals(PollWait.EAGER, wait.next(10, 1));
    }
    assertEquals(PollWait.BUSY, wait.next(10, 1));
    wait.delivered();
    assertEquals(PollWait.EAGER, wait.next(10, 1));
  }
}
