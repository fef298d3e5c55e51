// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a store of attempts must do, each behaviour a test. Messages of one run are new to the store
 * that is given.
 *
 * <pre>{@code
 * final class MyAttemptStoreIT extends AttemptStoreConformance {
 *   @Override
 *   protected AttemptStore open() {
 *     return new MyAttemptStore(database);
 *   }
 * }
 * }</pre>
 */
public abstract class AttemptStoreConformance {
  private static final int THREADS = 8;
  private static final int EACH = 50;

  private final String topic = "topic-" + UUID.randomUUID();

  /** For subclasses. */
  protected AttemptStoreConformance() {}

  /**
   * A store as a process opens it: each call another one, on the same data, as the next process
   * would after the last one crashed. Whoever overrides this closes them.
   */
  protected abstract AttemptStore open();

  private AttemptKey message(String id) {
    return new AttemptKey(topic, "billing", id);
  }

  private static int begin(AttemptStore store, AttemptKey message) {
    List<Integer> counts = store.begin(List.of(message));
    assertEquals(1, counts.size(), "one answer for one message");
    return counts.get(0);
  }

  @Test
  final void attemptsAreCountedFromOne() {
    AttemptStore store = open();
    for (int attempt = 1; attempt <= 5; attempt++) {
      assertEquals(attempt, begin(store, message("m")));
    }
  }

  @Test
  final void eachMessageOfEachGroupAndTopicIsCountedForItself() {
    AttemptStore store = open();
    assertEquals(1, begin(store, message("m")));
    assertEquals(1, begin(store, message("M")));
    assertEquals(1, begin(store, new AttemptKey(topic, "shipping", "m")));
    assertEquals(1, begin(store, new AttemptKey(topic + "-2", "billing", "m")));
    assertEquals(2, begin(store, message("m")));
  }

  @Test
  final void whatOneProcessCountedTheNextGoesOnWith() {
    assertEquals(1, begin(open(), message("m")));
    assertEquals(2, begin(open(), message("m")));
    open().clear(List.of(message("m")));
    assertEquals(1, begin(open(), message("m")));
  }

  @Test
  final void aBatchIsCountedInTheOrderOfItsMessages() {
    AttemptStore store = open();
    store.begin(List.of(message("b")));
    store.begin(List.of(message("b"), message("c")));
    List<AttemptKey> batch = List.of(message("a"), message("b"), message("c"));
    assertEquals(List.of(1, 3, 2), store.begin(batch));
    store.forgive(batch);
    assertEquals(List.of(1, 3, 2), store.begin(batch));
    store.clear(batch);
    assertEquals(List.of(1, 1, 1), store.begin(batch));
  }

  @Test
  final void whatIsForgivenCountsNoMore() {
    AttemptStore store = open();
    store.begin(List.of(message("m")));
    store.begin(List.of(message("m")));
    store.forgive(List.of(message("m")));
    assertEquals(2, begin(store, message("m")));
  }

  @Test
  final void thereAreNeverFewerThanNone() {
    AttemptStore store = open();
    store.forgive(List.of(message("m")));
    store.forgive(List.of(message("m")));
    assertEquals(1, begin(store, message("m")));
  }

  @Test
  final void whatIsClearedBeginsAnew() {
    AttemptStore store = open();
    store.clear(List.of(message("m")));
    store.begin(List.of(message("m")));
    store.begin(List.of(message("m")));
    store.clear(List.of(message("m")));
    assertEquals(1, begin(store, message("m")));
  }

  @Test
  final void idsMayBeLongAndOfAnyLetters() {
    AttemptStore store = open();
    String odd = "orders/3/17 'quoted' \"twice\"; -- \u00e4\u4e2d \\ % _";
    String longOne = odd + "x".repeat(200);
    for (String id : List.of(odd, longOne, longOne + "x")) {
      assertEquals(1, begin(store, message(id)));
      assertEquals(2, begin(open(), message(id)));
    }
  }

  @Test
  final void noCountIsLostBetweenThreadsAndProcesses() throws Exception {
    List<AttemptStore> stores = List.of(open(), open());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<Integer>>> counting = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        AttemptStore store = stores.get(i % 2);
        counting.add(threads.submit(() -> counts(store)));
      }
      List<Integer> all = all(counting);
      assertEquals(IntStream.rangeClosed(1, THREADS * EACH).boxed().toList(), all);
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Integer> counts(AttemptStore store) {
    return IntStream.range(0, EACH).mapToObj(i -> begin(store, message("m"))).toList();
  }

  private static List<Integer> all(List<Future<List<Integer>>> counting)
      throws InterruptedException, ExecutionException {
    List<Integer> all = new ArrayList<>();
    for (Future<List<Integer>> one : counting) {
      all.addAll(one.get());
    }
    return all.stream().sorted().toList();
  }
}
