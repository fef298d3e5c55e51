// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FinishedWorkTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final FinishedWork finished = new FinishedWork();
  private final LaneWork lane = new LaneWork(0);

  private Work work() {
    return Works.of(lane, "k", 0);
  }

  private static List<Work> all(@Nullable Work first) {
    List<Work> all = new ArrayList<>();
    for (Work work = first; work != null; work = work.takeNextFinished()) {
      all.add(work);
    }
    return all;
  }

  @Test
  void allAreTakenOnceInTheOrderOfFinishing() {
    List<Work> works = List.of(work(), work(), work());
    works.forEach(finished::add);
    assertEquals(works, all(finished.takeAll()));
    assertNull(finished.takeAll());
  }

  @Test
  void whatWasTakenKeepsNoOtherInMemory() {
    List<Work> works = List.of(work(), work());
    works.forEach(finished::add);
    assertEquals(2, all(finished.takeAll()).size());
    works.forEach(work -> assertNull(work.finishedBefore));
  }

  @Test
  void aWaitEndsWithAsManyAsAreWanted() {
    finished.add(work());
    CompletableFuture<List<Work>> taken =
        CompletableFuture.supplyAsync(() -> all(finished.await(Machine.REAL, 3, LONG)));
    finished.add(work());
    finished.add(work());
    assertEquals(3, taken.orTimeout(30, TimeUnit.SECONDS).join().size());
  }

  @Test
  void aWaitInVainEndsInTimeWithWhatThereIs() {
    finished.add(work());
    assertEquals(1, all(finished.await(Machine.REAL, 2, SHORT)).size());
  }

  @Test
  void anInterruptEndsAWaitAndStays() {
    Thread.currentThread().interrupt();
    assertNull(finished.await(Machine.REAL, 1, LONG));
    assertTrue(Thread.interrupted());
  }

  /** Four threads finish as fast as they can, one takes: now waiting, now not. */
  @Test
  void noneIsLostOrTakenTwiceAndEachThreadsOrderIsKept() {
    int each = 20_000;
    CountDownLatch begin = new CountDownLatch(1);
    ConcurrentHashMap<Work, Integer> numbers = new ConcurrentHashMap<>();
    List<LaneWork> lanes = IntStream.range(0, 4).mapToObj(LaneWork::new).toList();
    List<Thread> threads =
        lanes.stream().map(own -> new Thread(() -> finish(own, each, begin, numbers))).toList();
    threads.forEach(Thread::start);
    begin.countDown();
    int[] last = new int[lanes.size()];
    int taken = 0;
    for (int turn = 0; taken < each * lanes.size(); turn++) {
      Work first = turn % 2 == 0 ? finished.takeAll() : finished.await(Machine.REAL, 9, SHORT);
      for (Work work : all(first)) {
        assertEquals(++last[work.lane.lane], numbers.remove(work));
        taken++;
      }
    }
    assertTrue(numbers.isEmpty());
  }

  private void finish(
      LaneWork own, int each, CountDownLatch begin, ConcurrentHashMap<Work, Integer> numbers) {
    try {
      begin.await();
    } catch (InterruptedException unexpected) {
      return;
    }
    for (int i = 1; i <= each; i++) {
      Work work = Works.of(own, "k", 0);
      numbers.put(work, i);
      finished.add(work);
    }
  }
}
