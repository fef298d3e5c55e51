// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.consumer.Health.Status;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer that makes no progress says so, and why. */
@Timeout(60)
class ConsumerHealthTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  private void awaitHealth(Status status, String reason) {
    Await.until(
        "it is " + status + " by: " + reason,
        () -> {
          Health health = scene.consumer().health();
          return health.status() == status && health.reason().contains(reason);
        });
  }

  @Test
  void aHandlerThatNeverReturnsIsNamedWhileOthersGoOn() throws InterruptedException {
    scene.builder.stuckAfter(Duration.ofMillis(100));
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver(1, "k", "a", Map.of());
    scene.awaitBegun("a");
    awaitHealth(Status.STUCK, "the handler of message orders/1/0 of orders (lane 1, position 0)");
    member.deliver(1, "l", "b", Map.of());
    awaitAccepted(member, "b");
    awaitHealth(Status.STUCK, "1 later messages of its lane were taken since");
    scene.release("a");
    awaitAccepted(member, "b", "a");
    awaitHealth(Status.UP, "");
  }

  @Test
  void aHandlerThatHangsIsNamedAfterItsLaneWasLost() throws InterruptedException {
    scene.builder.stuckAfter(Duration.ofMillis(100));
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    member.inPoll(() -> member.listener().lost(Set.of(0))).join();
    awaitHealth(Status.STUCK, "has been at work for");
    scene.release("a");
    awaitHealth(Status.UP, "");
  }

  @Test
  void aMessageThatFailsForEverIsNamed() throws InterruptedException {
    scene.builder.stuckAfter(Duration.ofMillis(100)).retry(Retry.attempts(1));
    scene.fail("a", new Unprocessable("no such bean"));
    scene.builder.retry(Retry.attempts(1).backoff(Duration.ofDays(1), Duration.ofDays(1)));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    awaitHealth(Status.STUCK, "none of the 1 messages in memory was acknowledged");
    awaitHealth(Status.STUCK, "has been failing for");
  }

  @Test
  void everyCallFailingIsTold() throws InterruptedException {
    scene.builder.retry(Retry.forever().backoff(Duration.ofMillis(1), Duration.ofMillis(1)));
    IllegalStateException down = new IllegalStateException("down");
    scene.fail("a", Collections.nCopies(2_000, (Throwable) down).toArray(Throwable[]::new));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    awaitHealth(Status.DEGRADED, "calls of the handler all failed, at last by java.lang.Illegal");
    awaitAccepted(member, "a");
    awaitHealth(Status.UP, "");
  }

  @Test
  void aPauseIsToldWithItsReason() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    assertEquals(new Health(Status.UP, List.of()), scene.consumer().health());
    scene.consumer().pause("the till is counted");
    awaitHealth(Status.DEGRADED, ": the till is counted");
    scene.consumer().resume();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    awaitHealth(Status.UP, "");
  }

  @Test
  void aPollThatNeverReturnsIsTold() throws InterruptedException {
    scene.builder.stuckAfter(Duration.ofMillis(100));
    ScriptedSubscription member = scene.start();
    CountDownLatch hang = new CountDownLatch(1);
    var poll = member.inPoll(() -> awaitQuietly(hang));
    awaitHealth(Status.STUCK, "has not returned from a poll");
    hang.countDown();
    poll.join();
    awaitHealth(Status.UP, "");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anErrorOnThePollingThreadIsToldAndTheGroupIsJoinedAnew() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    CountDownLatch joinable = new CountDownLatch(1);
    scene.broker.subscribing(() -> awaitQuietly(joinable));
    var broken =
        member.inPoll(
            () -> {
              throw new OutOfMemoryError("of the test");
            });
    assertThrows(CompletionException.class, broken::join);
    awaitHealth(Status.DEGRADED, "the subscription broke by java.lang.OutOfMemoryError");
    joinable.countDown();
    ScriptedSubscription next = scene.broker.nextSubscription();
    next.deliver("k", "a");
    awaitAccepted(next, "a");
    awaitHealth(Status.UP, "");
  }

  /** What was thrown cannot even be logged. */
  @Test
  void aPollingThreadThatDiesIsStuckAndClosingGoesOnWorking() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    var broken =
        member.inPoll(
            () -> {
              throw new Unspeakable();
            });
    assertThrows(CompletionException.class, broken::join);
    awaitHealth(Status.STUCK, "its polling thread died of ");
    assertEquals(0, scene.consumer().close(Duration.ofSeconds(30)).settled());
    assertEquals(Status.STUCK, scene.consumer().health().status());
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new StackOverflowError("of the test");
    }

    @Override
    public String toString() {
      return "unspeakable";
    }
  }

  @Test
  void aStrayInterruptEndsNothing() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.inPoll(() -> Thread.currentThread().interrupt()).join();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    assertEquals(Status.UP, scene.consumer().health().status());
  }

  @Test
  void aClosedConsumerSaysSo() throws InterruptedException {
    scene.start();
    scene.consumer().close(Duration.ofSeconds(30));
    assertEquals(Status.CLOSED, scene.consumer().health().status());
  }

  @Test
  void nonsenseIsRefused() {
    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThrows(IllegalArgumentException.class, () -> scene.builder.stuckAfter(bad));
    }
  }
}
