// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bowline.backlog.BacklogAdvice.Limit;
import io.bowline.backlog.BacklogAlert;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.backlog.BacklogView;
import io.bowline.transport.Await;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a consumer tells of its backlog, and whom. */
@Timeout(60)
class ConsumerBacklogTest {
  private static final BacklogPolicy POLICY = BacklogPolicy.above(100).below(10);

  private final Scene scene = new Scene();
  private final AtomicLong left = new AtomicLong();
  private final AtomicInteger questions = new AtomicInteger();
  private final List<BacklogAlert> alerts = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    scene.close();
  }

  private ScriptedSubscription start() throws InterruptedException {
    scene.broker.backlog(
        () -> {
          questions.incrementAndGet();
          Map<Integer, Long> lanes = Map.of(0, left.get(), 1, 0L);
          return Backlog.ofLanes("orders", "billing", lanes, Quality.AT_LEAST);
        });
    scene.builder.lagEvery(Duration.ofMillis(1)).stuckAfter(Duration.ofMillis(20));
    return scene.start();
  }

  private void awaitMoreLooks() {
    int before = questions.get();
    Await.until("it looked again", () -> questions.get() > before + 2);
  }

  private BacklogView awaitView(long messages) {
    Await.until(
        messages + " to be left",
        () -> scene.consumer().backlog().messages().orElse(-1) == messages);
    return scene.consumer().backlog();
  }

  @Test
  void whatTheBrokerSaysAndWhatIsInMemoryIsToldByLane() throws InterruptedException {
    ScriptedSubscription member = start();
    left.set(5);
    scene.hold("a1");
    List.of("a1", "a2", "a3").forEach(text -> member.deliver("a", text));
    BacklogView view = awaitView(8);
    assertEquals(Quality.AT_LEAST, view.quality());
    assertEquals(3, view.held());
    assertEquals(
        new BacklogView.Lane(8, Quality.AT_LEAST, Optional.empty(), 3), view.lanes().get(0));
    assertEquals(
        new BacklogView.Lane(0, Quality.AT_LEAST, Optional.empty(), 0), view.lanes().get(1));
    scene.release("a1");
    awaitView(5);
  }

  @Test
  void theBrokerIsNotAskedUntilSomebodyWantsToKnow() throws InterruptedException {
    ScriptedSubscription member = start();
    Scene.turns(member, 20);
    assertEquals(0, questions.get());
    awaitView(0);
  }

  @Test
  void afterTheEndNothingIsKnown() throws InterruptedException {
    var unused = start();
    awaitView(0);
    scene.close();
    Await.until("it is over", () -> !scene.consumer().backlog().isKnown());
    assertEquals("the consumer is closed", scene.consumer().backlog().trouble());
  }

  @Test
  void eachCrossingIsToldOnceOffThePollingThread() throws InterruptedException {
    List<String> threads = new CopyOnWriteArrayList<>();
    scene.builder.onBacklog(
        POLICY,
        alert -> {
          threads.add(Thread.currentThread().getName());
          alerts.add(alert);
        });
    var unused = start();
    awaitMoreLooks();
    assertEquals(List.of(), alerts);
    left.set(101);
    Await.until("it is told", () -> alerts.size() == 1);
    left.set(500);
    awaitMoreLooks();
    left.set(50);
    awaitMoreLooks();
    left.set(10);
    Await.until("that is told", () -> alerts.size() == 2);
    awaitMoreLooks();
    assertEquals(List.of(true, false), alerts.stream().map(BacklogAlert::high).toList());
    assertEquals(101, alerts.get(0).backlog().messages().orElseThrow());
    assertEquals("orders", alerts.get(0).topic());
    assertEquals("billing", alerts.get(0).group());
    assertFalse(alerts.get(0).advice().text().isEmpty());
    assertEquals(List.of("bowline-backlog-told-billing", "bowline-backlog-told-billing"), threads);
  }

  @Test
  void aListenerThatThrowsHearsOfTheNextCrossing() throws InterruptedException {
    scene.builder.onBacklog(
        POLICY,
        alert -> {
          alerts.add(alert);
          throw new IllegalStateException("no pager");
        });
    var unused = start();
    left.set(101);
    Await.until("it is told", () -> alerts.size() == 1);
    left.set(0);
    Await.until("that is told", () -> alerts.size() == 2);
  }

  @Test
  void aListenerThatHangsHoldsNothingUpAndIsInterruptedByTheClosing() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    scene.builder.onBacklog(
        POLICY,
        alert -> {
          alerts.add(alert);
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException ended) {
            interrupted.countDown();
          }
        });
    ScriptedSubscription member = start();
    left.set(101);
    Await.until("it is told", () -> alerts.size() == 1);
    member.deliver("a", "a1");
    Scene.awaitAccepted(member, "a1");
    left.set(0);
    awaitView(0);
    awaitMoreLooks();
    assertEquals(1, alerts.size());
    scene.close();
    interrupted.await();
    assertEquals(1, alerts.size(), "nothing is told after the end");
  }

  @Test
  void whileAListenerIsBusyACrossingAndItsWayBackAreNotTold() throws InterruptedException {
    CountDownLatch free = new CountDownLatch(1);
    scene.builder.onBacklog(
        POLICY,
        alert -> {
          alerts.add(alert);
          Await.until("it may return", () -> free.getCount() == 0);
        });
    var unused = start();
    for (long next : new long[] {101, 0, 102, 0}) {
      left.set(next);
      awaitView(next);
      awaitMoreLooks();
    }
    free.countDown();
    Await.until("the last is told", () -> alerts.size() == 2);
    awaitMoreLooks();
    List<Boolean> high = new ArrayList<>();
    alerts.forEach(alert -> high.add(alert.high()));
    assertEquals(List.of(true, false), high);
  }

  @Test
  void theAdviceKnowsThatNothingMoves() throws InterruptedException {
    scene.builder.concurrency(2).onBacklog(POLICY, alerts::add);
    ScriptedSubscription member = start();
    scene.hold("a1");
    for (int i = 1; i <= 9; i++) {
      member.deliver("a", "a" + i);
    }
    Await.until("all are in memory", () -> scene.consumer().backlog().held() == 9);
    awaitMoreLooks();
    left.set(101);
    Await.until("it is told", () -> alerts.size() == 1);
    assertEquals(Limit.STANDSTILL, alerts.get(0).advice().limit(), alerts::toString);
    assertEquals(110, alerts.get(0).backlog().messages().orElseThrow());
  }
}
