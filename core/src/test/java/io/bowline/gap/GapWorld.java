// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.State;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.gap.WrittenLane.Entry;
import io.bowline.gap.WrittenLane.Producer;
import io.bowline.gap.WrittenLane.Sent;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Watermark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A group that reads a {@link WrittenLane}, crashes and gives it away, with a real detector; beside
 * it a simple account of what was lost. Nothing of it needs a thread.
 */
final class GapWorld {
  private static final GroupLane PLACE = new GroupLane("orders", "billing", WrittenLane.LANE);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Random random;
  private final Kind kind;
  private final WrittenLane lane;
  private final @Nullable GapStore store;

  /** Whether all before an acknowledged position is acknowledged, and nothing else. */
  private final boolean acksPrefix;

  private final List<Entry> atWork = new ArrayList<>();
  private final List<Entry> done = new ArrayList<>();
  private GapDetector detector = new GapDetector("orders", "billing", GRACE);
  private @Nullable Claim claim;
  private int cursor;
  private long now = 1_000_000;

  /**
   * What may happen in it.
   *
   * @param keeps whether a store keeps what was completed
   * @param members whether members crash, and the lane moves
   * @param losses whether the broker loses messages
   */
  record Kind(boolean keeps, boolean members, boolean losses) {}

  GapWorld(Random random, Kind kind) {
    this.random = random;
    this.kind = kind;
    this.store = kind.keeps ? new InMemoryGapStore() : null;
    this.acksPrefix = random.nextBoolean();
    // Of a chain of which nothing is kept, two late copies in a row look like its end.
    int lateCopies = kind.keeps || !kind.members ? Integer.MAX_VALUE : 1;
    this.lane = new WrittenLane(random, lateCopies);
    if (store != null) {
      keptForLong(store);
    }
    join();
  }

  /** The group kept its state before this story begins. */
  private void keptForLong(GapStore store) {
    claim = store.claim(PLACE);
    detector.restore(WrittenLane.LANE, List.of(), now);
    Received old = received(new Sent(new Producer(1, LaneNumber.NOT_KNOWN)));
    detector.arrived(WrittenLane.LANE, old, false, now);
    detector.completed(WrittenLane.LANE, old, false);
    save();
    detector.forget(Set.of(WrittenLane.LANE));
  }

  String story() {
    return kind + ", acknowledges a prefix: " + acksPrefix + "\n" + lane.story;
  }

  void play(int steps) {
    for (int i = 0; i < steps; i++) {
      step(lane.any());
    }
    end();
  }

  private void step(Producer producer) {
    switch (random.nextInt(21)) {
      case 20 -> lane.mark(producer);
      case 0, 1, 2, 3, 4 -> lane.begin(producer);
      case 5, 6, 7, 8 -> lane.answer(producer);
      case 9, 10, 11, 12 -> deliver();
      case 13, 14 -> complete();
      case 15 -> acknowledge(true);
      case 16 -> pass(random.nextInt(4_000));
      case 17 -> lane.lateCopy(producer);
      case 18 -> rarely(producer);
      default -> {
        if (kind.losses) {
          lane.lose();
        }
      }
    }
  }

  private void rarely(Producer producer) {
    switch (random.nextInt(7)) {
      case 0 -> lane.restart(producer);
      case 6 -> lane.lateMarks();
      case 1, 2 -> crash();
      case 3, 4 -> handOver();
      default -> pass(10_000);
    }
  }

  private void deliver() {
    while (cursor < lane.log.size()) {
      Entry entry = lane.log.get(cursor++);
      if (!entry.removed && (acksPrefix || !entry.acked)) {
        arrives(entry);
        return;
      }
    }
  }

  private void arrives(Entry entry) {
    lane.note("arrives", entry);
    entry.misses.clear();
    for (Sent other : entry.by.all) {
      boolean promised = other.sequence() <= entry.number.promised();
      if (promised && other.isGone() && atWork.stream().noneMatch(at -> at.sent == other)) {
        entry.misses.add(other);
      }
    }
    boolean again = entry.delivered && !acksPrefix;
    Sent sent = entry.sent;
    if (sent == null) {
      Watermark mark = new Watermark("shop", entry.by.epoch, entry.number, 0, 1_000, false);
      detector.marked(WrittenLane.LANE, mark, again, now);
    } else {
      detector.arrived(WrittenLane.LANE, received(sent), again, now);
    }
    entry.delivered = true;
    atWork.add(entry);
  }

  private static Received received(Sent sent) {
    return Numbered.USUAL.epoch(sent.by.epoch).at(sent.number);
  }

  private void complete() {
    if (!atWork.isEmpty()) {
      Entry entry = atWork.remove(random.nextInt(Math.min(4, atWork.size())));
      Sent sent = entry.sent;
      if (sent != null) {
        detector.completed(WrittenLane.LANE, received(sent), false);
        sent.completed = true;
      }
      done.add(entry);
      lane.note("completed", entry);
    }
  }

  /** Saves what was completed, and then acknowledges it, unless it crashes between. */
  private void acknowledge(boolean whole) {
    save();
    if (whole) {
      done.forEach(entry -> entry.acked = true);
      done.clear();
      lane.note("acknowledged", "");
    }
  }

  private void save() {
    done.forEach(entry -> entry.misses.forEach(sent -> sent.missed = true));
    Claim held = claim;
    if (store != null && held != null) {
      Map<Integer, List<ChainState>> changed = detector.takeChanged();
      List<ChainState> ofLane = changed.getOrDefault(WrittenLane.LANE, List.of());
      must(store.save(held, ofLane), "its own claim holds");
    }
  }

  private void join() {
    cursor = 0;
    while (acksPrefix && cursor < lane.log.size() && lane.log.get(cursor).acked) {
      cursor++;
    }
    if (store != null) {
      Claim earlier = claim;
      claim = store.claim(PLACE);
      must(earlier == null || !store.save(earlier, List.of()), "a claim that is over is refused");
      detector.restore(WrittenLane.LANE, claim.chains(), now);
    }
  }

  private void crash() {
    if (!kind.members) {
      return;
    }
    if (random.nextBoolean()) {
      acknowledge(false); // between the saving and the acknowledgement
    }
    lane.note("crash", "");
    atWork.clear();
    done.clear();
    detector = new GapDetector("orders", "billing", GRACE);
    join();
  }

  private void handOver() {
    if (!kind.members) {
      return;
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      complete();
    }
    acknowledge(true);
    lane.note("given away", "");
    atWork.clear();
    detector.forget(Set.of(WrittenLane.LANE));
    join();
  }

  private void pass(long millis) {
    now += millis;
    for (Gap gap : detector.due(now)) {
      lane.note("told", gap);
      if (gap.state() == State.GAP) {
        told(gap);
      }
    }
  }

  private void told(Gap gap) {
    for (Producer producer : lane.producers()) {
      for (long n = gap.from(); producer.epoch == gap.epoch() && n <= gap.to(); n++) {
        producer.told.add(n);
      }
    }
  }

  private void end() {
    lane.end();
    while (cursor < lane.log.size() || !atWork.isEmpty()) {
      deliver();
      complete();
    }
    acknowledge(true);
    pass(0);
    pass(GRACE.toMillis());
    lane.producers().forEach(this::judge);
  }

  private void judge(Producer producer) {
    Set<Long> wrong = new TreeSet<>(producer.told);
    for (Sent sent : producer.all) {
      boolean lost = sent.confirmed && !sent.completed;
      boolean told = producer.told.contains(sent.sequence());
      must(!lost || !sent.missed || told, "the loss of " + sent + " is told");
      // What was given up may be told where what would have voided it was lost; and what was lost
      // may have come by another copy, later than the grace.
      if (kind.losses && (lost || sent.givenUp || sent.completed)) {
        wrong.remove(sent.sequence());
      }
    }
    must(wrong.isEmpty(), "of " + producer.epoch + " nothing but losses is told: " + wrong);
  }

  private void must(boolean holds, String fact) {
    if (!holds) {
      throw new AssertionError("not true that " + fact + ", after\n" + story());
    }
  }
}
