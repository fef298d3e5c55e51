// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.gap.InMemoryGapStore;
import io.bowline.report.GapReport;
import io.bowline.report.GapReport.Scope;
import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.report.SourceReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a log of what was sent must do, each behaviour a test. Each uses topics of its own.
 *
 * <pre>{@code
 * final class MySentLogIT extends SentLogConformance {
 *   @Override
 *   protected SentLog open() {
 *     return new MySentLog(database);
 *   }
 * }
 * }</pre>
 */
public abstract class SentLogConformance {
  private static final int THREADS = 8;
  private static final int EACH = 20;

  private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3_600);
  private final String topic = "topic-" + UUID.randomUUID();
  private final SentChain chain = chain(topic, 0, "shop", 1);

  /** For subclasses. */
  protected SentLogConformance() {}

  /**
   * A log as a process opens it: each call another one, on the same data, as the next process would
   * after the last one crashed. Whoever overrides this closes them.
   */
  protected abstract SentLog open();

  private static SentChain chain(String topic, int lane, String source, long epoch) {
    return new SentChain(topic, lane, source, epoch);
  }

  private Instant at(long second) {
    return start.plusSeconds(second);
  }

  private SentMark mark(SentChain of, long number, long second) {
    return new SentMark(of, number, at(second));
  }

  /** What is read, by chain and time. */
  private List<SentMark> read(SentLog log, String of, long from, long to) {
    List<SentMark> read = new ArrayList<>(log.read(of, at(from), at(to)));
    read.sort(
        Comparator.comparing((SentMark mark) -> mark.chain().toString())
            .thenComparing(SentMark::at));
    return read;
  }

  private List<Long> numbers(SentLog log, long from, long to) {
    return read(log, topic, from, to).stream().map(SentMark::number).toList();
  }

  @Test
  final void whatIsReadBeginsWithTheLastMarkBefore() {
    SentLog log = open();
    log.add(List.of(mark(chain, 1, 1), mark(chain, 2, 2), mark(chain, 4, 4), mark(chain, 6, 6)));
    assertEquals(List.of(2L, 4L), numbers(log, 3, 5));
    assertEquals(List.of(1L, 2L, 4L), numbers(log, 2, 4), "both ends are included");
    assertEquals(List.of(), numbers(log, -2, 0));
    assertEquals(List.of(6L), numbers(log, 9, 10));
  }

  @Test
  final void aMarkIsReadAsItWasWritten() {
    SentLog log = open();
    SentMark first = new SentMark(chain, 0, at(1).plusMillis(17));
    SentMark last = new SentMark(chain, 1L << 53, at(2).plusMillis(999));
    log.add(List.of(first, last));
    assertEquals(List.of(first, last), read(log, topic, 0, 9));
  }

  @Test
  final void aMarkThatIsThereAlreadyChangesNothing() {
    SentLog log = open();
    log.add(List.of(mark(chain, 5, 1)));
    log.add(List.of(mark(chain, 5, 1), mark(chain, 5, 1)));
    assertEquals(List.of(5L), numbers(log, 0, 9));
  }

  @Test
  final void ofTwoAtOneTimeTheGreaterStays() {
    SentLog log = open();
    log.add(List.of(mark(chain, 5, 1)));
    log.add(List.of(mark(chain, 4, 1)));
    assertEquals(List.of(5L), numbers(log, 0, 9));
    open().add(List.of(mark(chain, 7, 1)));
    assertEquals(List.of(7L), numbers(log, 0, 9));
    log.add(List.of(mark(chain, 9, 2), mark(chain, 8, 2)));
    assertEquals(List.of(7L, 9L), numbers(log, 0, 9));
  }

  @Test
  final void marksMayComeInAnyOrder() {
    SentLog log = open();
    log.add(List.of(mark(chain, 6, 6), mark(chain, 2, 2)));
    log.add(List.of(mark(chain, 4, 4), mark(chain, 1, 1)));
    assertEquals(List.of(2L, 4L), numbers(log, 3, 5));
  }

  @Test
  final void chainsAreKeptApart() {
    SentLog log = open();
    List<SentChain> chains =
        List.of(
            chain(topic, 0, "shop", 1),
            chain(topic, 1, "shop", 1),
            chain(topic, 0, "Shop", 1),
            chain(topic, 0, "shop", Long.MAX_VALUE));
    for (int i = 0; i < chains.size(); i++) {
      log.add(List.of(mark(chains.get(i), 10 + i, 1), mark(chains.get(i), 20 + i, 3)));
    }
    log.add(List.of(mark(chain(topic + "-2", 0, "shop", 1), 99, 3)));
    List<SentMark> expected = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      expected.add(mark(chains.get(i), 10 + i, 1));
      expected.add(mark(chains.get(i), 20 + i, 3));
    }
    expected.sort(
        Comparator.comparing((SentMark mark) -> mark.chain().toString())
            .thenComparing(SentMark::at));
    assertEquals(expected, read(log, topic, 2, 4));
  }

  @Test
  final void whatOneProcessWroteTheNextReads() {
    open().add(List.of(mark(chain, 1, 1)));
    open().add(List.of(mark(chain, 2, 2)));
    assertEquals(List.of(1L, 2L), numbers(open(), 0, 9));
  }

  @Test
  final void nothingIsWrittenAndReadWithoutHarm() {
    SentLog log = open();
    log.add(List.of());
    assertEquals(List.of(), numbers(log, 0, 9));
    assertEquals(List.of(), log.read(topic, Instant.EPOCH, Instant.EPOCH));
  }

  @Test
  final void namesMayBeLongAndOfAnyLetters() {
    SentLog log = open();
    String odd = "orders/3/17 'quoted' \"twice\"; -- \u00e4\u4e2d \\ % _ {x}";
    String longOne = odd + "x".repeat(1_000);
    for (String name : List.of(odd, longOne, longOne + "x")) {
      SentChain named = chain(topic + name, 0, name, 1);
      log.add(List.of(mark(named, 3, 1)));
      assertEquals(List.of(mark(named, 3, 1)), read(log, topic + name, 0, 9));
    }
  }

  @Test
  final void manyMarksAreWrittenAtOnce() {
    SentLog log = open();
    List<SentMark> many =
        IntStream.range(0, 500).mapToObj(i -> mark(chain(topic, i, "shop", 1), 7, 1)).toList();
    log.add(many);
    assertEquals(500, numbers(log, 0, 9).size());
  }

  /** Several consumers that read watermarks write marks of the same chains. */
  @Test
  final void threadsAndProcessesAtOnceLoseNoMark() throws Exception {
    List<SentLog> logs = List.of(open(), open());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        tasks.add(() -> writeAll(logs.get(thread % 2), thread));
      }
      for (Future<Boolean> one : threads.invokeAll(tasks)) {
        assertEquals(true, one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(5 * EACH * THREADS, numbers(open(), 0, 2L * EACH * THREADS).size());
  }

  private boolean writeAll(SentLog log, int thread) {
    List<SentChain> lanes =
        new ArrayList<>(
            IntStream.range(0, 5).mapToObj(lane -> chain(topic, lane, "shop", 1)).toList());
    for (int i = 1; i <= EACH; i++) {
      int number = i * THREADS + thread;
      Collections.shuffle(lanes);
      log.add(lanes.stream().map(lane -> mark(lane, number, number)).toList());
    }
    return true;
  }

  @Test
  final void aReportCountsWhatSeveralProcessesSentBeforeAndAfterARestart() {
    SentChain after = chain(topic, 0, "shop", 2);
    open().add(List.of(mark(chain, 10, 1), mark(chain, 15, 5)));
    open().add(List.of(mark(after, 7, 6)));
    GapReport report =
        GapReport.make(new Scope(topic, "billing", at(2), at(9)), open(), new InMemoryGapStore());
    assertEquals(List.of(12L), report.sources().stream().map(SourceReport::sent).toList());
  }
}
