// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dependency that fails costs no message its attempts. */
@Timeout(60)
class ConsumerCircuitTest {
  private final Scene scene = new Scene();
  private final AtomicBoolean down = new AtomicBoolean(true);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void attemptsAreNotSpentWhileItIsOpenAndAllIsHandledAfterwards() throws InterruptedException {
    scene
        .builder
        .deadLetters("dead")
        .concurrency(4)
        .retry(Retry.attempts(5).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
        .circuitBreaker(
            // fewer than attempts: so no message can die before it opens
            CircuitBreaker.after(4).backoff(Duration.ofMillis(1), Duration.ofMillis(4)));
    try (ReliableConsumer consumer =
        scene.builder.start(
            message -> {
              calls.incrementAndGet();
              highest.accumulateAndGet(message.attempt(), Math::max);
              if (down.get()) {
                throw new IllegalStateException("the database is down");
              }
            })) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      for (int i = 0; i < 20; i++) {
        member.deliver(i % 4 == 0 ? null : "k" + i % 4, "" + i);
      }
      Await.until(
          "it is held back",
          () ->
              consumer.health().status() == Status.DEGRADED
                  && consumer.health().reason().contains("messages have been held back"));
      Await.until("there were many probes", () -> calls.get() > 100);
      down.set(false);
      Await.until("all are accepted", () -> member.accepted().size() == 20);
      assertEquals(0, scene.broker.sendsWaiting(), "none was dead-lettered");
      assertTrue(highest.get() <= 5, () -> "attempt " + highest);
      Await.until("it is well", () -> consumer.health().status() == Status.UP);
    }
  }
}
