// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.outbox.LaneQueue.Refused;
import io.bowline.producer.SendException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lane at one relay: reads it, sends it and takes away what the broker has, in turns, of which
 * one runs at a time. What comes meanwhile is an event for the next turn. Thread-safe.
 */
final class RelayLane {
  /** So many are taken away at once while others are under way, in a transaction of their own. */
  private static final int FINISHED_AT_ONCE = 256;

  /** What the broker has is taken away within this. */
  private static final long FINISHED_WITHIN = TimeUnit.MILLISECONDS.toNanos(100);

  /** A message that could not be handed over is tried again after this. */
  private static final long AGAIN_AFTER = TimeUnit.SECONDS.toNanos(1);

  private final int lane;
  private final RelayWork work;
  private final Queue<Consumer<LaneQueue>> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger signals = new AtomicInteger();

  /** Of the turns. */
  private final LaneQueue queue = new LaneQueue();

  private final LaneAppetite appetite;

  private long firstConfirmed;

  private volatile @Nullable LaneLease lease;
  private volatile boolean leaving;
  private volatile CompletableFuture<Boolean> left = new CompletableFuture<>();
  private volatile boolean busy;

  RelayLane(int lane, RelayWork work) {
    this.lane = lane;
    this.work = work;
    this.appetite = new LaneAppetite(work.nanos());
  }

  @Nullable LaneLease lease() {
    return lease;
  }

  /** Whether it has a lane, and will keep it. */
  boolean stays() {
    return lease != null && !leaving;
  }

  /** Whether it was told to leave, and was not lent again. */
  boolean isLeaving() {
    return leaving;
  }

  /** The lane is lent to this relay. */
  void granted(LaneLease fresh) {
    left = new CompletableFuture<>();
    leaving = false;
    lease = fresh;
    appetite.ask();
    signal();
  }

  /** The lane is lent to this relay no more. */
  void lost() {
    lease = null;
    signal();
  }

  /** Ends what is under way, takes away what the broker has, and gives the lane back. */
  CompletableFuture<Boolean> leave() {
    leaving = true;
    signal();
    return left;
  }

  /**
   * The lease of a lane that wants to be shown what comes; empty if it has none, or knows of so
   * many rows that it reads by itself, which it does now.
   */
  Optional<LaneLease> looks() {
    LaneLease mine = leaving ? null : lease;
    if (mine != null && appetite.readsItself()) {
      appetite.ask();
      signal();
      return Optional.empty();
    }
    return Optional.ofNullable(mine);
  }

  /** The first of what waits; if that is not all, or nothing could be shown, it reads on itself. */
  void shown(LaneLease reader, List<OutboxRow> rows) {
    events.add(
        known -> {
          if (reader.equals(lease)) {
            appetite.shown(rows, learned(rows), work.nanos());
          }
        });
    signal();
  }

  /** What failed is tried at once. */
  void retryNow() {
    events.add(LaneQueue::retryNow);
    appetite.ask();
    signal();
  }

  /** Whether something is known that is not taken away yet. */
  boolean isBusy() {
    return busy;
  }

  void signal() {
    if (signals.getAndIncrement() == 0) {
      work.execute(this::run);
    }
  }

  private void run() {
    int seen = signals.get();
    try {
      turn();
    } catch (RuntimeException | Error failure) {
      work.troubled(lane, failure);
    }
    busy = queue.size() > 0 || queue.isFinishing() || queue.hasConfirmed();
    appetite.knows(queue.size());
    if (!signals.compareAndSet(seen, 0)) {
      signals.set(1);
      work.execute(this::run);
    }
  }

  private void turn() {
    long looked = work.readings().done();
    for (var event = events.poll(); event != null; event = events.poll()) {
      event.accept(queue);
    }
    queue.looked(looked);
    LaneLease mine = lease;
    if (mine == null || !work.isHeld()) {
      queue.lost();
      leftIfIdle(null);
      return;
    }
    if (leaving) {
      settle(mine, true);
      leftIfIdle(mine);
      return;
    }
    send();
    settle(mine, false);
    if (mine.equals(lease) && appetite.wantsMore(queue, work.nanos())) {
      read(mine);
      send();
    }
  }

  private void leftIfIdle(@Nullable LaneLease mine) {
    if (leaving && queue.underWay() == 0 && !queue.isFinishing()) {
      queue.lost();
      if (mine != null) {
        lease = null;
        work.store().giveBack(List.of(mine));
      }
      boolean unused = left.complete(true);
    }
  }

  private void read(LaneLease mine) {
    appetite.begins();
    int most = LaneAppetite.BATCH + queue.size();
    long bytes = LaneAppetite.READ_BYTES + queue.bytes();
    appetite.ended(learned(work.store().read(mine, most, bytes)), work.nanos());
  }

  private boolean learned(List<OutboxRow> rows) {
    int before = queue.size();
    queue.read(rows);
    return queue.size() > before;
  }

  private void send() {
    long now = work.nanos();
    while (work.isHeld()) {
      Optional<OutboxRow> next = queue.next(now);
      if (next.isEmpty()) {
        return;
      }
      send(next.get());
    }
  }

  private void send(OutboxRow row) {
    try {
      var unused =
          work.send(row)
              .whenComplete(
                  (receipt, failure) -> {
                    events.add(known -> ended(known, row, failure));
                    signal();
                  });
    } catch (RuntimeException failure) {
      ended(queue, row, failure);
    }
  }

  private void ended(LaneQueue known, OutboxRow row, @Nullable Throwable failure) {
    long now = work.nanos();
    if (failure == null) {
      firstConfirmed = known.hasConfirmed() ? firstConfirmed : now;
      appetite.progressed(now);
      known.confirmed(row.id());
      work.sent();
    } else if (failure instanceof SendException send && send.isRefused()) {
      known.refused(row.id(), String.valueOf(send.getMessage()));
    } else if (failure instanceof NoNumber) {
      known.refused(row.id(), String.valueOf(failure.getMessage()));
    } else {
      known.failed(row.id(), now + AGAIN_AFTER);
      work.notSent(lane, failure);
    }
  }

  /** Parks what was refused, and takes away what the broker has; not for each single one. */
  private void settle(LaneLease mine, boolean all) {
    for (Refused one : queue.refused()) {
      if (!work.store().park(mine, one.row(), one.reason())) {
        lostTo(mine);
        return;
      }
      queue.parked(one, work.readings().begun());
      work.parked(lane, one);
    }
    List<Long> confirmed = queue.confirmed();
    if (confirmed.isEmpty() || queue.isFinishing()) {
      return;
    }
    if (all || confirmed.size() >= FINISHED_AT_ONCE) {
      if (work.store().finish(mine, confirmed)) {
        queue.finished(confirmed, work.readings().begun());
      } else {
        lostTo(mine);
      }
    } else if (queue.underWay() == 0 || work.nanos() - firstConfirmed > FINISHED_WITHIN) {
      finishWithOthers(mine, confirmed);
    }
  }

  private void finishWithOthers(LaneLease mine, List<Long> ids) {
    queue.finishing(ids);
    work.finish(
        new FinishedTogether.Part(
            mine, ids, (held, failure) -> finishEnded(mine, ids, held, failure)));
  }

  private void finishEnded(
      LaneLease mine, List<Long> ids, boolean held, @Nullable Throwable failure) {
    long reading = work.readings().begun();
    events.add(
        known -> {
          if (failure == null && held) {
            known.finished(ids, reading);
          } else {
            known.notFinished(ids);
          }
          if (!held) {
            lostTo(mine);
          }
        });
    if (failure != null) {
      work.troubled(lane, failure);
    }
    if (failure == null || leaving) {
      signal(); // else in a while, for the store is in trouble
    }
  }

  /** Another relay has it: what this one sent since comes twice, under the same ids. */
  private void lostTo(LaneLease mine) {
    if (mine.equals(lease)) {
      lease = null;
      queue.lost();
      work.tookOver(mine);
    }
  }
}
