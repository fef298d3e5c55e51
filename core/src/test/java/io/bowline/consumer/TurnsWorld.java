// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.GapDetector;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Delivery;
import io.bowline.transport.ScriptedSubscription.Written;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One lane of a broker that hands out a batch at a time, three members that take turns in it, and
 * what befalls them by chance: leases that end untold, members that crash, a position that somebody
 * moves on. Numbers that nobody was handed are lost.
 */
final class TurnsWorld {
  private static final Duration GRACE = Duration.ofMillis(50);
  private static final int BATCH = 5;

  private final Random random;
  private final boolean loses;
  private final GapStore store = new InMemoryGapStore();
  private final List<Member> members = new ArrayList<>();
  private final Set<Long> acknowledged = new TreeSet<>();
  private final Set<Long> lost = new TreeSet<>();
  private final Set<Long> told = new TreeSet<>();
  private final StringBuilder story = new StringBuilder();
  private final SteadyClock clock;
  private long now = 1_000;

  /** The next number that nobody was handed. */
  private long next = 1;

  /** Who was handed the last batch, while its lease lasts. */
  private @Nullable Member holder;

  private final class Member {
    final HeldWork held = new HeldWork(1_000, 1L << 20);
    final LaneClaims claims = new LaneClaims(store, "orders", "billing", clock);
    final GapDetector detector = new GapDetector("orders", "billing", GRACE);
    final LaneTurns turns = new LaneTurns(new InTurns(), detector, claims, held);
    List<Work> completed = new ArrayList<>();

    void takes(long from, long to) {
      boolean unused = turns.arriving();
      for (long number = from; number <= to; number++) {
        Written delivery = delivery(number);
        Received message = delivery.asReceived();
        turns.arrived(0, completed, now);
        var seen = detector.arrived(0, message, false, now);
        assert seen != null;
        held.arrived(new Work(delivery, held.lane(0), message, finished -> {}));
      }
    }

    void does() {
      List<Work> open = new ArrayList<>();
      for (Work work = held.lane(0).oldest(); work != null; work = work.next) {
        if (!completed.contains(work)) {
          open.add(work);
        }
      }
      if (!open.isEmpty()) {
        Work done = open.get(random.nextInt(open.size()));
        story.append(" does ").append(number(done));
        turns.completes(done, completed, now);
        detector.completed(0, done.message, false);
        completed.add(done);
      }
    }

    /** As the polling thread does it. */
    void saves() {
      claims.changed(detector.takeChanged());
      if (!claims.save()) {
        turns.refused(completed, now);
        return;
      }
      turns.saved();
      List<Work> saved = completed;
      completed = new ArrayList<>();
      for (Work work : saved) {
        if (holder == this) {
          acknowledged.add(number(work));
        }
        held.settled(work);
      }
    }

    void tells() {
      for (Gap gap : detector.due(now)) {
        if (gap.state() == State.GAP && turns.isOurs(0, completed, now)) {
          story.append(" told ").append(gap.from()).append("-").append(gap.to());
          LongStream.rangeClosed(gap.from(), gap.to()).forEach(told::add);
        }
      }
    }
  }

  /** It keeps turns, and is asked for nothing else. */
  private static final class InTurns implements Subscription {
    @Override
    public List<Delivery> poll(int max, Duration timeout) {
      return List.of();
    }

    @Override
    public boolean accept(Delivery delivery) {
      return true;
    }

    @Override
    public boolean release(Delivery delivery, Duration delay) {
      return true;
    }

    @Override
    public boolean holdsLanesAlone() {
      return false;
    }

    @Override
    public boolean handsOutInTurns() {
      return true;
    }

    @Override
    public void close() {}
  }

  TurnsWorld(Random random, boolean loses) {
    this.random = random;
    this.loses = loses;
    this.clock = new SteadyClock(Instant.ofEpochMilli(0), () -> now * 1_000_000);
    Numbers.know(store);
    for (int i = 0; i < 3; i++) {
      members.add(new Member());
    }
  }

  private static Written delivery(long number) {
    LaneNumber lane = LaneNumber.of(0, number);
    Stamp stamp = new Stamp("id-" + number, "shop", 1, null, lane, Stamp.NO_DIGEST);
    return new Written(
        0, "k", Map.of(StampCodec.HEADER, StampCodec.write(stamp)), new byte[0], "" + number);
  }

  private static long number(Work work) {
    return Long.parseLong(work.delivery.position());
  }

  private long firstOpen() {
    for (long number = 1; number < next; number++) {
      if (!acknowledged.contains(number) && !lost.contains(number)) {
        return number;
      }
    }
    return next;
  }

  /** A batch, from the first that is not acknowledged on, if none is out. */
  private void handOut(Member member) {
    long from = firstOpen();
    if (holder != null && from < next) {
      return;
    }
    long to = from;
    while (to - from < BATCH - 1 && !lost.contains(to + 1) && random.nextInt(4) > 0) {
      to++;
    }
    story.append(" | ").append(members.indexOf(member)).append(" takes ").append(from + "-" + to);
    holder = member;
    next = Math.max(next, to + 1);
    member.takes(from, to);
  }

  private void skip() {
    if (loses && next > 1 && firstOpen() == next) { // the first one seen is a baseline
      long last = next + random.nextInt(3);
      story.append(" | skipped ").append(next + "-" + last);
      for (; next <= last; next++) {
        lost.add(next);
      }
    }
  }

  private void crash(int which) {
    story.append(" | crash ").append(which);
    if (holder == members.get(which)) {
      holder = null;
    }
    members.set(which, new Member());
  }

  private void step() {
    now += random.nextInt(10);
    int which = random.nextInt(members.size());
    Member member = members.get(which);
    switch (random.nextInt(24)) {
      case 0 -> holder = null; // its lease is over, untold
      case 1 -> crash(which);
      case 2 -> skip();
      case 3, 4, 5, 6 -> handOut(member);
      case 7, 8 -> member.tells();
      case 9, 10, 11, 12, 13 -> member.saves();
      default -> member.does();
    }
  }

  /** So many steps by chance, and then until all is done and told. */
  void play(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    end();
    long last = next + BATCH;
    while (firstOpen() < last) {
      handOut(members.get(random.nextInt(members.size())));
      end();
    }
    now += GRACE.toMillis() + 1;
    members.forEach(Member::tells);
  }

  /** Everybody ends what they have; the leases of what cannot be acknowledged are over. */
  private void end() {
    for (int i = 0; i < 20; i++) {
      for (Member member : members) {
        member.does();
        member.saves();
        member.saves();
      }
    }
    if (firstOpen() < next) {
      holder = null;
    }
  }

  /** Lost and not told, or told and not lost. */
  Set<Long> wrong() {
    Set<Long> wrong = new TreeSet<>(lost);
    wrong.removeAll(told);
    Set<Long> falsely = new TreeSet<>(told);
    falsely.removeAll(lost);
    for (Iterator<Long> each = falsely.iterator(); each.hasNext(); ) {
      wrong.add(-each.next());
    }
    return wrong;
  }

  int losses() {
    return lost.size();
  }

  String story() {
    return story.toString();
  }
}
