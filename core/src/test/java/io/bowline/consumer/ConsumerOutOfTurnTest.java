// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.consumer.Health.Status;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that takes the messages of a key by a number of its own: the text of each. */
@Timeout(60)
class ConsumerOutOfTurnTest {
  private final Scene scene = new Scene();
  private final List<Integer> done = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();

  @AfterEach
  void close() {
    scene.close();
  }

  private void inTurn(Received message) {
    int number = Integer.parseInt(message.text());
    assertEquals(1, message.attempt(), "nothing is held against it");
    if (number != done.size() + 1) {
      refused.incrementAndGet();
      throw new OutOfTurn("it is not the turn of " + number);
    }
    done.add(number);
  }

  private void handles(int... arrivals) throws InterruptedException {
    try (ReliableConsumer consumer = scene.builder.start(this::inTurn)) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      for (int number : arrivals) {
        member.deliver("a", Integer.toString(number));
      }
      Await.until("all are accepted", () -> member.accepted().size() == arrivals.length);
      assertEquals(0, scene.broker.sendsWaiting(), "nothing died");
      assertEquals(Status.UP, consumer.health().status());
    }
    assertEquals(arrivals.length, done.size());
    assertEquals(done.stream().sorted().toList(), done);
  }

  @Test
  void messagesOfAKeyTakeTheTurnsThatTheirHandlerSays() throws InterruptedException {
    MemoryAttempts store = new MemoryAttempts();
    scene.builder.deadLetters("dead").attempts(store);
    handles(3, 2, 5, 7, 6, 4, 1, 8);
    assertEquals(Map.of(), store.counts);
  }

  /** Long waits would show: what is behind has its turn at once, also while all others wait. */
  @Test
  void theOneThatIsWaitedForIsNotKeptWaitingItself() throws InterruptedException {
    scene.builder.retry(Retry.attempts(2).backoff(Duration.ofHours(1), Duration.ofHours(1)));
    try (ReliableConsumer consumer = scene.builder.start(this::inTurn)) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "2");
      Await.until("it was too early", () -> refused.get() == 1);
      Scene.turns(member, 3);
      member.deliver("a", "3");
      Await.until("both were too early", () -> refused.get() >= 2);
      Scene.turns(member, 3);
      member.deliver("a", "1");
      Await.until("all are accepted", () -> member.accepted().size() == 3);
      assertEquals(Status.UP, consumer.health().status());
    }
    assertEquals(List.of(1, 2, 3), done);
  }

  @Test
  void noCircuitOpensByIt() throws InterruptedException {
    scene.builder.circuitBreaker(
        CircuitBreaker.after(2).backoff(Duration.ofHours(1), Duration.ofHours(1)));
    handles(5, 4, 3, 2, 1);
  }

  @Test
  void otherKeysGoOn() throws InterruptedException {
    try (ReliableConsumer consumer =
        scene.builder.start(
            message -> {
              if (message.text().startsWith("early")) {
                throw new OutOfTurn("never");
              }
            })) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "early");
      member.deliver("b", "b");
      Await.until("b is accepted", () -> member.accepted().contains("b"));
      assertEquals(List.of("b"), List.copyOf(member.accepted()));
      assertEquals(Status.UP, consumer.health().status());
    }
  }
}
