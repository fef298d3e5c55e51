// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.LaneNumber;
import io.bowline.producer.ChainWriter;
import io.bowline.producer.ChainWriter.Written;
import io.bowline.producer.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One lane at a broker that loses, doubles and delays, and the producers that write it by their
 * real numbers.
 */
final class WrittenLane {
  static final int LANE = 0;

  final List<Entry> log = new ArrayList<>();
  final StringBuilder story = new StringBuilder();
  private final List<Entry> delayed = new ArrayList<>();
  private final List<Producer> alive = new ArrayList<>();
  private final List<Producer> every = new ArrayList<>();
  private final Random random;

  /** How many late copies of its confirmed messages a producer leaves behind. */
  private final int mostLateCopies;

  private long lastEpoch = 7;

  /** A chain: one producer's life. */
  static final class Producer {
    final long epoch;
    final ChainWriter chain;
    final List<Sent> open = new ArrayList<>();
    final List<Sent> all = new ArrayList<>();
    final Set<Long> told = new TreeSet<>();
    int lateCopies;

    Producer(long epoch, long previous) {
      this.epoch = epoch;
      this.chain = new ChainWriter(LANE, previous);
    }
  }

  /** A message, from its numbering to its end. */
  static final class Sent {
    final Producer by;
    final Written written;
    final LaneNumber number;
    boolean maybeStored;
    boolean confirmed;
    boolean givenUp;
    boolean completed;

    /** A message that promises it was completed when no copy was left. */
    boolean missed;

    int copies;

    Sent(Producer by) {
      this.by = by;
      this.written = by.chain.begin();
      this.number = by.chain.number(written);
    }

    long sequence() {
      return number.sequence();
    }

    boolean isGone() {
      return confirmed && !completed && copies == 0;
    }

    @Override
    public String toString() {
      return by.epoch + "/" + number.sequence() + " promises " + number.promised();
    }
  }

  /** A copy of a message at the broker, or a watermark, which is none's. */
  static final class Entry {
    final Producer by;
    final LaneNumber number;
    final @Nullable Sent sent;
    boolean removed;
    boolean acked;
    boolean delivered;

    /** What is gone by its arrival although it promises it. */
    final List<Sent> misses = new ArrayList<>();

    Entry(Sent sent) {
      this.by = sent.by;
      this.number = sent.number;
      this.sent = sent;
    }

    Entry(Producer by, LaneNumber mark) {
      this.by = by;
      this.number = mark;
      this.sent = null;
    }

    @Override
    public String toString() {
      return sent == null ? by.epoch + " mark " + number.sequence() : sent.toString();
    }
  }

  WrittenLane(Random random, int mostLateCopies) {
    this.random = random;
    this.mostLateCopies = mostLateCopies;
    opens(LaneNumber.NOT_KNOWN);
  }

  void note(String what, Object of) {
    story.append(what).append(' ').append(of).append('\n');
  }

  List<Producer> producers() {
    return every;
  }

  Producer any() {
    return alive.get(random.nextInt(alive.size()));
  }

  /** A producer opens; its first three messages come to no harm, so that its chain is known. */
  private void opens(long previous) {
    Producer fresh = new Producer(++lastEpoch, previous);
    alive.add(fresh);
    every.add(fresh);
    for (int i = 0; i < 3; i++) {
      confirmedAtOnce(fresh);
    }
  }

  private void confirmedAtOnce(Producer producer) {
    Sent sent = begin(producer);
    stored(sent);
    confirm(sent);
  }

  Sent begin(Producer producer) {
    Sent sent = new Sent(producer);
    producer.open.add(sent);
    producer.all.add(sent);
    note("begins", sent);
    return sent;
  }

  private void stored(Sent sent) {
    log.add(new Entry(sent));
    sent.copies++;
    sent.maybeStored = true;
    note("stored", sent);
  }

  private void confirm(Sent sent) {
    sent.by.open.remove(sent);
    sent.confirmed = true;
    sent.by.chain.confirmed(sent.written);
    note("confirmed", sent);
  }

  /**
   * A watermark is stored, or lost on the way, or stored after a while; its confirm may be lost.
   */
  void mark(Producer producer) {
    LaneNumber mark = producer.chain.mark();
    if (mark == null) {
      return;
    }
    int fate = random.nextInt(6);
    if (fate < 4) {
      marked(producer, mark, fate > 0);
    } else if (fate == 4) {
      delayed.add(new Entry(producer, mark));
    }
  }

  private void marked(Producer producer, LaneNumber mark, boolean confirmed) {
    log.add(new Entry(producer, mark));
    note("marked " + (confirmed ? "and confirmed" : ""), producer.epoch + " mark " + mark);
    if (confirmed) {
      producer.chain.told(mark);
    }
  }

  /** What lay in a buffer somewhere is stored at last. */
  void lateMarks() {
    delayed.forEach(entry -> note("marked late", entry));
    log.addAll(delayed);
    delayed.clear();
  }

  /** Some try of the producer ends, or some send is given up. */
  void answer(Producer producer) {
    if (producer.open.isEmpty()) {
      return;
    }
    Sent sent = producer.open.get(random.nextInt(Math.min(4, producer.open.size())));
    int fate = random.nextInt(12);
    if (fate < 8) {
      stored(sent);
      confirm(sent);
    } else if (fate == 8) {
      stored(sent); // and its confirm is lost: it is tried again
    } else if (fate == 9) {
      sent.maybeStored = true; // a connection broke before it was written
    } else if (fate == 10) {
      giveUp(sent);
    }
  }

  private void giveUp(Sent sent) {
    Outcome outcome = sent.maybeStored ? Outcome.UNKNOWN : Outcome.REJECTED;
    sent.by.open.remove(sent);
    sent.givenUp = true;
    sent.by.chain.givenUp(sent.written, outcome);
    note("ends " + outcome, sent);
  }

  /** What lay in a buffer somewhere is stored after all. */
  void lateCopy(Producer producer) {
    Sent sent = producer.all.get(random.nextInt(producer.all.size()));
    boolean retried = sent.maybeStored && random.nextInt(3) == 0;
    if (retried && sent.confirmed) {
      retried = producer.lateCopies++ < mostLateCopies;
    }
    if (retried && (sent.copies > 0 || !sent.completed)) {
      stored(sent);
    }
  }

  void restart(Producer producer) {
    alive.remove(producer);
    note("dies", producer.epoch);
    opens(random.nextBoolean() ? producer.epoch : LaneNumber.NOT_KNOWN);
  }

  /** A copy goes that nobody acknowledged. */
  void lose() {
    Entry entry = log.get(random.nextInt(log.size()));
    Sent sent = entry.sent;
    boolean early = sent != null && sent.sequence() <= 3;
    if (!entry.removed && !entry.acked && !early) {
      entry.removed = true;
      note("lost", entry);
      if (sent != null) {
        sent.copies--;
      }
    }
  }

  /** All is resolved, and each producer says enough to tell of all that is voided. */
  void end() {
    for (Producer producer : alive) {
      for (Sent sent : List.copyOf(producer.open)) {
        stored(sent);
        confirm(sent);
      }
      boolean fallsSilent = random.nextBoolean();
      for (int i = 0; i < 40; i++) {
        LaneNumber mark = producer.chain.mark();
        if (fallsSilent && mark != null) {
          marked(producer, mark, true);
        } else {
          confirmedAtOnce(producer);
        }
      }
    }
  }
}
