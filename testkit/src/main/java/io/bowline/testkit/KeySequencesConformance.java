// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What a store of key sequences must do, each behaviour a test. Each uses topics of its own.
 *
 * <pre>{@code
 * final class MyKeySequencesIT extends KeySequencesConformance {
 *   @Override
 *   protected KeySequences open() {
 *     return new MyKeySequences(database);
 *   }
 * }
 * }</pre>
 */
public abstract class KeySequencesConformance {
  private static final int THREADS = 8;
  private static final int EACH = 50;
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final String SOURCE = "trade-service";

  private final String topic = "topic-" + UUID.randomUUID();

  /** For subclasses. */
  protected KeySequencesConformance() {}

  /**
   * A store as a process opens it: each call another one, on the same data, as the next process
   * would after the last one crashed. Whoever overrides this closes them.
   */
  protected abstract KeySequences open();

  private SequenceKey key(String key) {
    return new SequenceKey(topic, key);
  }

  private static List<Long> draw(KeySequences store, List<SequenceKey> keys) {
    List<Long> numbers = store.next(SOURCE, keys, LONGEST);
    assertEquals(keys.size(), numbers.size(), "one number for each key");
    return numbers;
  }

  private static long draw(KeySequences store, SequenceKey key) {
    return draw(store, List.of(key)).get(0);
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  final void theNumbersOfAKeyAreOneTwoThree() {
    KeySequences store = open();
    assertEquals(upTo(5), IntStream.range(0, 5).mapToObj(i -> draw(store, key("k"))).toList());
  }

  @Test
  final void eachKeyOfEachTopicAndSourceIsCountedForItself() {
    KeySequences store = open();
    assertEquals(1, draw(store, key("k")));
    assertEquals(1, draw(store, key("K")));
    assertEquals(1, draw(store, key("k ")));
    assertEquals(1, draw(store, key("")));
    assertEquals(1, draw(store, new SequenceKey(topic + "k", "")));
    assertEquals(1, draw(store, new SequenceKey(topic + "-2", "k")));
    assertEquals(List.of(1L), store.next("trade", List.of(key("k")), LONGEST));
    assertEquals(List.of(1L), store.next("trade", List.of(key("-servicek")), LONGEST));
    assertEquals(2, draw(store, key("k")));
  }

  @Test
  final void theNextProcessGoesOnWhereTheLastOneWas() {
    for (long number = 1; number <= 5; number++) {
      assertEquals(number, draw(open(), key("k")));
    }
  }

  @Test
  final void aBatchHasItsNumbersInTheOrderOfItsKeys() {
    KeySequences store = open();
    assertEquals(1, draw(store, key("b")));
    assertEquals(1, draw(store, key("c")));
    assertEquals(2, draw(store, key("c")));
    assertEquals(List.of(1L, 2L, 3L), draw(store, List.of(key("a"), key("b"), key("c"))));
    assertEquals(List.of(4L, 2L, 3L), draw(store, List.of(key("c"), key("a"), key("b"))));
  }

  @Test
  final void aKeyThatStandsInABatchTwiceHasTwoNumbersInOrder() {
    KeySequences store = open();
    List<SequenceKey> batch = List.of(key("a"), key("b"), key("a"), key("a"), key("b"));
    assertEquals(List.of(1L, 1L, 2L, 3L, 2L), draw(store, batch));
    assertEquals(List.of(4L, 3L, 5L, 6L, 4L), draw(open(), batch));
  }

  @Test
  final void aBatchMayHaveSeveralTopics() {
    KeySequences store = open();
    SequenceKey other = new SequenceKey(topic + "-2", "a");
    assertEquals(List.of(1L, 1L, 2L), draw(store, List.of(key("a"), other, key("a"))));
    assertEquals(List.of(2L, 3L), draw(store, List.of(other, key("a"))));
  }

  @Test
  final void anEmptyBatchHasNoNumbers() {
    assertEquals(List.of(), draw(open(), List.of()));
  }

  @Test
  final void theLargestBatchCanBeDrawn() {
    KeySequences store = open();
    List<SequenceKey> batch =
        IntStream.range(0, KeySequences.MOST_AT_ONCE).mapToObj(i -> key("k" + i)).toList();
    assertEquals(Collections.nCopies(batch.size(), 1L), draw(store, batch));
    assertEquals(Collections.nCopies(batch.size(), 2L), draw(store, batch));
    List<SequenceKey> one = Collections.nCopies(KeySequences.MOST_AT_ONCE, key("one"));
    assertEquals(upTo(one.size()), draw(store, one));
  }

  @Test
  final void keysMayBeLongAndOfAnyLetters() {
    KeySequences store = open();
    String odd = "orders/3/17 'quoted' \"twice\"; -- \u00e4\u4e2d \\ % _ {x}\n";
    String longOne = odd + "x".repeat(2_000);
    for (String name : List.of(odd, longOne, longOne + "x", "\ud83d\ude00")) {
      assertEquals(1, draw(store, key(name)));
      assertEquals(2, draw(open(), key(name)));
    }
  }

  @Test
  final void noNumberIsDrawnTwiceOrLeftOutByThreadsAndProcesses() throws Exception {
    List<List<Long>> drawn =
        together(store -> IntStream.range(0, EACH).mapToObj(i -> draw(store, key("k"))).toList());
    for (List<Long> one : drawn) {
      assertEquals(one.stream().sorted().toList(), one, "each sees them rise");
    }
    assertEquals(
        upTo((long) THREADS * EACH), drawn.stream().flatMap(List::stream).sorted().toList());
  }

  /** The same keys in as many orders as there are threads: nobody waits for another in a circle. */
  @Test
  final void batchesWithKeysInCommonHoldNobodyUp() throws Exception {
    List<SequenceKey> keys = IntStream.range(0, 20).mapToObj(i -> key("k" + i)).toList();
    List<List<Long>> drawn =
        together(
            store -> {
              List<SequenceKey> mine = new ArrayList<>(keys);
              List<Long> ofTheFirst = new ArrayList<>();
              for (int i = 0; i < EACH; i++) {
                Collections.shuffle(mine);
                ofTheFirst.add(draw(store, mine).get(mine.indexOf(keys.get(0))));
              }
              return ofTheFirst;
            });
    List<Long> all = drawn.stream().flatMap(List::stream).sorted().toList();
    assertEquals(upTo((long) THREADS * EACH), all);
    assertEquals(Collections.nCopies(keys.size(), (long) THREADS * EACH + 1), draw(open(), keys));
  }

  /** What all threads draw at once, half of them in one process and half in another. */
  private List<List<Long>> together(Drawing drawing) throws Exception {
    List<KeySequences> stores = List.of(open(), open());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<List<Long>>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        KeySequences store = stores.get(i % 2);
        tasks.add(() -> drawing.by(store));
      }
      List<List<Long>> all = new ArrayList<>();
      for (Future<List<Long>> one : threads.invokeAll(tasks)) {
        all.add(one.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  /** What one thread does. */
  private interface Drawing {
    List<Long> by(KeySequences store);
  }
}
