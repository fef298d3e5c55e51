// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that says "not now": here a message has up to three attempts. */
@Timeout(60)
class ConsumerPostponedTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  private static Throwable[] postponed(int times) {
    Postponed later = new Postponed("the database is full", new IOException("no space"));
    return Collections.nCopies(times, later).toArray(new Throwable[0]);
  }

  @Test
  void whatIsPostponedIsKeptForAnyTimeAndSpendsNoAttempt() throws InterruptedException {
    MemoryAttempts store = new MemoryAttempts();
    scene.builder.deadLetters("dead").attempts(store);
    scene.fail("a1", postponed(20));
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    awaitAccepted(member, "a1", "a2");
    assertEquals(0, scene.broker.sendsWaiting(), "nothing died");
    assertEquals(22, scene.begun.size());
    assertEquals(1, scene.seen.get(20).attempt(), "nothing was held against it");
    assertEquals(Map.of(), store.counts);
  }

  @Test
  void otherKeysGoOn() throws InterruptedException {
    scene.fail("a1", postponed(100_000));
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    member.deliver("b", "b1");
    Await.until("b1 is accepted", () -> member.accepted().contains("b1"));
  }

  @Test
  void healthIsDegradedAtOnceAndUpOnceACallEndedWell() throws InterruptedException {
    AtomicBoolean away = new AtomicBoolean(true);
    AtomicInteger calls = new AtomicInteger();
    ReliableConsumer consumer =
        scene.builder.start(
            message -> {
              calls.incrementAndGet();
              if (away.get()) {
                throw new Postponed("the database is down", new IOException("refused"));
              }
            });
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "a1");
      Await.until("it is told", () -> consumer.health().status() == Status.DEGRADED);
      String why = consumer.health().reason();
      assertTrue(why.contains("postponing messages"), why);
      assertTrue(why.contains("java.io.IOException"), why);
      assertTrue(calls.get() > 0);
      away.set(false);
      awaitAccepted(member, "a1");
      Await.until("it is well", () -> consumer.health().status() == Status.UP);
    } finally {
      consumer.close();
    }
  }

  @Test
  void aBatchIsKeptWholeAndNotTakenApart() throws InterruptedException {
    AtomicBoolean away = new AtomicBoolean(true);
    AtomicInteger calls = new AtomicInteger();
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    ReliableConsumer consumer =
        scene.builder.startBatches(
            10,
            messages -> {
              sizes.add(messages.size());
              if (calls.incrementAndGet() > 1 && away.get()) {
                throw new Postponed("not now");
              }
            });
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "a1");
      awaitAccepted(member, "a1");
      for (int i = 2; i <= 6; i++) {
        member.deliver("a", "a" + i);
      }
      Await.until("it was tried often", () -> calls.get() > 12);
      away.set(false);
      awaitAccepted(member, "a1", "a2", "a3", "a4", "a5", "a6");
    } finally {
      consumer.close();
    }
  }

  @Test
  void theCircuitCountsIt() throws InterruptedException {
    scene.builder.circuitBreaker(CircuitBreaker.after(2));
    scene.fail("a1", postponed(2));
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    Await.until(
        "it is open",
        () -> scene.consumer().health().reason().contains("messages have been held back"));
    awaitAccepted(member, "a1");
  }
}
