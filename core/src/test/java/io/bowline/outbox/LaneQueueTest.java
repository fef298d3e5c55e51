// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What one lane of an outbox may send when. */
final class LaneQueueTest {
  private final LaneQueue queue = new LaneQueue();

  private static OutboxRow row(long id, String key) {
    return new OutboxRow(id, 0, Message.to("t").key(key).id("m" + id).text("abc"));
  }

  private static OutboxRow unkeyed(long id) {
    return new OutboxRow(id, 0, Message.to("t").id("m" + id));
  }

  /** All that may be sent now. */
  private List<Long> sent(long now) {
    List<Long> all = new ArrayList<>();
    for (Optional<OutboxRow> next = queue.next(now); next.isPresent(); next = queue.next(now)) {
      all.add(next.get().id());
    }
    return all;
  }

  @Test
  void ofAKeyOneIsUnderWayAndTheOthersFollowItsConfirm() {
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b"), unkeyed(4), unkeyed(5)));
    assertEquals(List.of(1L, 3L, 4L, 5L), sent(0));
    queue.confirmed(1);
    assertEquals(List.of(2L), sent(0));
    assertEquals(List.of(1L), queue.confirmed());
    assertEquals(4, queue.size());
  }

  @Test
  void whatIsReadAgainIsNotSentAgain() {
    List<OutboxRow> rows = List.of(row(1, "a"), row(2, "b"));
    queue.read(rows);
    assertEquals(List.of(1L, 2L), sent(0));
    queue.confirmed(1);
    queue.read(rows);
    assertEquals(List.of(), sent(0));
    queue.finished(queue.confirmed(), 0);
    assertEquals(List.of(), queue.confirmed());
    assertEquals(1, queue.size());
  }

  @Test
  void whatWasCommittedLateGoesBeforeLaterIdsThatWaitStill() {
    queue.read(List.of(row(5, "a"), row(7, "a")));
    assertEquals(List.of(5L), sent(0));
    queue.read(List.of(row(3, "a"), row(5, "a"), row(6, "a"), row(7, "a")));
    for (long expected : List.of(3L, 6L, 7L)) {
      queue.confirmed(queue.confirmed().isEmpty() ? 5 : lastSent);
      lastSent = sent(0).get(0);
      assertEquals(expected, lastSent);
    }
  }

  private long lastSent;

  @Test
  void afterAFailureTheKeyWaitsAndTheSameOneIsFirst() {
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b"), row(4, "b")));
    assertEquals(List.of(1L, 3L), sent(0));
    queue.failed(1, 100);
    assertEquals(List.of(), sent(99));
    queue.confirmed(3);
    assertEquals(List.of(4L), sent(99));
    assertEquals(List.of(1L), sent(100));
    queue.confirmed(1);
    assertEquals(List.of(2L), sent(100));
  }

  @Test
  void aRefusedMessageStopsItsKeyUntilThatIsParked() {
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b")));
    assertEquals(List.of(1L, 3L), sent(0));
    queue.refused(1, "too large");
    queue.read(List.of(row(1, "a"), row(2, "a"), row(4, "a")));
    assertEquals(List.of(), sent(1_000));
    LaneQueue.Refused refused = queue.refused().get(0);
    assertEquals("too large", refused.reason());
    queue.parked(refused, 0);
    queue.looked(0);
    assertEquals(List.of(), queue.refused());
    assertEquals(1, queue.size());
    assertEquals(3, queue.bytes());
    queue.read(List.of(row(1, "a"), row(2, "a"))); // it was unparked
    assertEquals(List.of(1L), sent(0));
  }

  @Test
  void whatAReadingShowsThatEndedSinceDoesNotBeginAnew() {
    List<OutboxRow> shown = List.of(row(1, "a"), row(2, "b"), row(3, "b"), row(4, "c"));
    queue.read(shown.subList(0, 2));
    assertEquals(List.of(1L, 2L), sent(0));
    queue.confirmed(1);
    queue.finishing(List.of(1L));
    assertTrue(queue.isFinishing());
    queue.read(shown);
    queue.finished(List.of(1L), 7);
    queue.refused(2, "too large");
    queue.parked(queue.refused().get(0), 7);
    queue.looked(6);
    queue.read(shown);
    assertEquals(List.of(4L), sent(0));
    queue.looked(7);
    queue.read(shown.subList(1, 3)); // it was unparked
    assertEquals(List.of(2L), sent(0));
  }

  @Test
  void whatCouldNotBeTakenAwayIsTriedAgainAndNotSentAgain() {
    List<OutboxRow> rows = List.of(row(1, "a"));
    queue.read(rows);
    assertEquals(List.of(1L), sent(0));
    queue.confirmed(1);
    queue.finishing(List.of(1L));
    assertFalse(queue.hasConfirmed());
    queue.notFinished(List.of(1L));
    assertEquals(List.of(1L), queue.confirmed());
    queue.read(rows);
    assertEquals(List.of(), sent(0));
  }

  @Test
  void whenTheLaneIsLostNothingIsSentTwiceByThisRelay() {
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b"), row(4, "c")));
    assertEquals(List.of(1L, 3L, 4L), sent(0));
    queue.confirmed(3);
    queue.refused(4, "no");
    queue.lost();
    assertEquals(List.of(), queue.refused());
    assertEquals(1, queue.size());
    assertEquals(3, queue.bytes());
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b"), row(4, "c")));
    assertEquals(List.of(4L), sent(0));
    queue.confirmed(1);
    assertEquals(List.of(2L), sent(0));
  }

  @Test
  void notMoreAreUnderWayThanTheBound() {
    queue.read(LongStream.rangeClosed(1, 1_000).mapToObj(LaneQueueTest::unkeyed).toList());
    assertEquals(LaneQueue.MOST_UNDER_WAY, sent(0).size());
    assertEquals(List.of(), sent(0));
    queue.confirmed(7);
    assertEquals(1, sent(0).size());
  }

  @Test
  void anAnswerThatComesTwiceOrLateChangesNothing() {
    queue.read(List.of(row(1, "a"), row(2, "a")));
    assertEquals(List.of(1L), sent(0));
    queue.confirmed(1);
    queue.confirmed(1);
    queue.failed(1, 0);
    queue.refused(2, "it is not under way");
    assertEquals(List.of(2L), sent(0));
    assertEquals(1, queue.underWay());
  }

  /** Reads that repeat, answers of all kinds, lost lanes: whatever comes, keys stay in order. */
  @Test
  void whateverComesEachKeyIsFirstConfirmedInTheOrderOfItsIds() {
    for (long seed = 0; seed < 300; seed++) {
      Run run = new Run(new Random(seed));
      run.all();
      assertTrue(run.inOrder(), "seed " + seed + ": " + run.arrivals);
    }
  }

  /** A table, a broker and a relay of one lane, by chance. */
  private static final class Run {
    final Random random;
    final LaneQueue queue = new LaneQueue();
    final TreeMap<Long, OutboxRow> table = new TreeMap<>();
    final List<Long> underWay = new ArrayList<>();
    final List<OutboxRow> arrivals = new ArrayList<>();
    final Set<Long> arrived = new HashSet<>();
    final Set<Long> confirmed = new HashSet<>();
    List<OutboxRow> reading = List.of();
    long readings;

    Run(Random random) {
      this.random = random;
      for (long id = 1; id <= 60; id++) {
        table.put(id, row(id, "k" + random.nextInt(5)));
      }
    }

    void all() {
      for (long now = 0; !table.isEmpty() && now < 100_000; now++) {
        switch (random.nextInt(7)) {
          case 0 -> queue.read(table.values().stream().limit(1 + random.nextInt(20)).toList());
          case 1 -> queue.next(now).ifPresent(this::send);
          case 2 -> answer(now);
          case 3 -> {
            queue.confirmed().forEach(table::remove);
            queue.finished(queue.confirmed(), readings);
          }
          case 4 -> beginReading();
          case 5 -> {
            queue.read(reading);
            queue.looked(readings);
            reading = List.of();
          }
          default -> {
            if (random.nextInt(10) == 0) {
              queue.lost();
            }
          }
        }
      }
      assertTrue(table.isEmpty(), () -> "left " + table.keySet());
    }

    /** What it shows is looked at later, when some of it is gone. */
    private void beginReading() {
      queue.looked(readings);
      readings++;
      reading = table.values().stream().limit(20).toList();
    }

    private void send(OutboxRow row) {
      assertFalse(confirmed.contains(row.id()), () -> row + " was confirmed, and is sent again");
      underWay.add(row.id());
    }

    private void answer(long now) {
      if (underWay.isEmpty()) {
        return;
      }
      long id = underWay.remove(random.nextInt(underWay.size()));
      boolean stored = random.nextInt(3) > 0;
      OutboxRow row = table.get(id);
      if (stored && row != null && arrived.add(id)) {
        arrivals.add(row);
      }
      if (stored && random.nextInt(4) > 0) {
        queue.confirmed(id);
        confirmed.add(id);
      } else {
        queue.failed(id, now + random.nextInt(10));
      }
    }

    boolean inOrder() {
      TreeMap<String, Long> last = new TreeMap<>();
      return arrivals.stream()
          .allMatch(
              row -> {
                Long before = last.put(row.message().key().orElseThrow(), row.id());
                return before == null || before < row.id();
              });
    }
  }

  @Test
  void whoIsToldToTryAgainDoesNotWaitAndKeepsTheOrder() {
    queue.read(List.of(row(1, "a"), row(2, "a"), row(3, "b")));
    assertEquals(List.of(1L, 3L), sent(0));
    queue.failed(1, 1_000);
    queue.failed(3, 1_000);
    assertEquals(List.of(), sent(999));
    queue.retryNow();
    assertEquals(List.of(1L, 3L), sent(0));
    queue.retryNow();
    assertEquals(List.of(), sent(0));
    queue.confirmed(1);
    assertEquals(List.of(2L), sent(0));
  }
}
