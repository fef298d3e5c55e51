// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerEvents;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.java.exception.InternalErrorException;
import org.apache.rocketmq.client.java.exception.TooManyRequestsException;
import org.apache.rocketmq.shaded.io.grpc.Status;
import org.junit.jupiter.api.Test;

final class SendSignsTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch unblocked = new CountDownLatch(1);
  private final SendSigns signs =
      new SendSigns(
          new BrokerEvents() {
            @Override
            public void lost(String connection, String why) {
              told.add("lost");
            }

            @Override
            public void restored(String connection) {
              told.add("restored");
            }

            @Override
            public void blocked(String cause, String why) {
              told.add("blocked");
            }

            @Override
            public void unblocked(String cause) {
              told.add("unblocked");
              unblocked.countDown();
            }
          });

  @Test
  void aLossIsToldOnceAndItsEndToo() {
    signs.ended(null);
    signs.ended(Status.UNAVAILABLE.withCause(new IOException("reset")).asRuntimeException());
    signs.ended(Status.DEADLINE_EXCEEDED.asRuntimeException());
    signs.ended(new InternalErrorException(50001, "r", "an answer all the same"));
    signs.ended(null);
    assertEquals(List.of("lost", "restored"), told);
  }

  @Test
  void aFailureOfTheClientItselfIsNoLoss() {
    signs.ended(new IllegalArgumentException("wrong type"));
    assertEquals(List.of(), told);
  }

  @Test
  void tooBusyEndsByItself() throws InterruptedException {
    signs.ended(new TooManyRequestsException(42900, "r", "flow limit"));
    assertEquals(List.of("blocked"), told);
    assertTrue(unblocked.await(30, TimeUnit.SECONDS));
    assertEquals(List.of("blocked", "unblocked"), told);
  }

  @Test
  void nothingStaysBlockedByWhatIsClosed() {
    signs.ended(new TooManyRequestsException(42900, "r", "flow limit"));
    signs.close();
    signs.ended(new TooManyRequestsException(42900, "r", "flow limit"));
    signs.ended(Status.UNAVAILABLE.asRuntimeException());
    assertEquals(List.of("blocked", "unblocked"), told);
  }
}
