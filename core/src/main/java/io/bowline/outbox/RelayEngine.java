// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.outbox.OutboxStore.Listening;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a relay: one renews leases and shares lanes, one asks for messages, some work on
 * lanes.
 */
final class RelayEngine {
  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

  /** The leases are renewed, and others' looked at, after this part of them. */
  private static final int BEATS = 10;

  /** The part of a lease that is not used, for clocks that differ in speed. */
  private static final int MARGIN = 6;

  /** While messages are known that are not taken away yet, lanes have a turn this often. */
  private static final long BUSY_MILLIS = 100;

  private static final long COUNTED_NANOS = OutboxRelay.COUNTED_EVERY.toNanos();

  /** However often it is woken, a question to the store begins this long after the one before. */
  private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final Pending NOTHING = new Pending(0, Duration.ZERO, 0);

  private final OutboxStore store;
  private final ReliableProducer producer;
  private final Duration lease;
  private final Duration warnAfter;
  private final String relay = UUID.randomUUID().toString();
  private final SteadyClock clock = new SteadyClock(Clock.systemUTC());
  private final ExecutorService turns;
  private final ScheduledExecutorService keeper;
  private final Thread asker;
  private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
  private final OutboxMeters meters;
  private final RelayWork work;
  private final List<RelayLane> lanes = new ArrayList<>();
  private final OncePerMinute warnings = new OncePerMinute();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean closing;
  private volatile boolean beats;
  private volatile Pending pending = NOTHING;
  private @Nullable Listening listening;

  RelayEngine(OutboxRelayBuilder settings, ReliableProducer producer, RowNumbers numbers) {
    this.store = settings.store;
    this.producer = producer;
    this.lease = settings.lease;
    this.warnAfter = settings.warnAfter;
    this.turns = Executors.newFixedThreadPool(settings.threads, named("lane"));
    this.keeper = Executors.newSingleThreadScheduledExecutor(named("leases"));
    this.asker = named("asker").newThread(this::askOn);
    this.meters = new OutboxMeters(settings.registry, store.name());
    this.work = new RelayWork(new RelayWork.Means(store, producer, numbers, clock), turns, meters);
    for (int lane = 0; lane < store.lanes(); lane++) {
      lanes.add(new RelayLane(lane, work));
    }
  }

  private ThreadFactory named(String what) {
    return task -> {
      Thread thread = new Thread(task, "bowline-outbox-" + what + "-" + store.name());
      thread.setDaemon(true);
      return thread;
    };
  }

  void start() {
    meters.shows("rows", "messages", () -> pending.rows());
    meters.shows("oldest", "seconds", () -> pending.oldest().toMillis() / 1_000.0);
    meters.shows("keys.parked", "keys", () -> pending.parked());
    listening = store.listen(this::ring);
    long every = lease.dividedBy(BEATS).toNanos();
    var unused = keeper.scheduleWithFixedDelay(this::beat, 0, every, TimeUnit.NANOSECONDS);
    asker.start();
    log.info("Relay {} of outbox {} started", relay, store.name());
  }

  private void ring() {
    boolean unused = bell.offer(true);
  }

  // Leases.

  private void beat() {
    try {
      long begun = clock.nanos();
      Standing standing = store.beat(relay, lease);
      work.heldUntil(begun + lease.minus(lease.dividedBy(MARGIN)).toNanos());
      beats = true;
      compare(standing);
      if (!closing) {
        share(standing);
      }
    } catch (RuntimeException | Error failure) {
      beats = false;
      if (warnings.allows("beat")) {
        log.warn(
            "The leases of relay {} of outbox {} could not be renewed, which is tried again in {};"
                + " once they are over it sends nothing. Told at most once a minute",
            relay,
            store.name(),
            lease.dividedBy(BEATS),
            failure);
      }
    }
  }

  /** What the store says is what holds. */
  private void compare(Standing standing) {
    for (RelayLane lane : lanes) {
      LaneLease known = lane.lease();
      if (known != null && !standing.mine().contains(known)) {
        log.warn("Lane {} of outbox {} is another relay's now", known.lane(), store.name());
        lane.lost();
      }
    }
    for (LaneLease lent : standing.mine()) {
      RelayLane lane = lanes.get(lent.lane());
      if (lane.lease() == null && lane.isLeaving()) {
        store.giveBack(List.of(lent));
      } else if (lane.lease() == null) {
        lane.granted(lent);
      }
    }
  }

  private void share(Standing standing) {
    int mine = held();
    LaneShare share = LaneShare.of(lanes.size(), mine, standing);
    if (share.take() > 0) {
      List<LaneLease> taken = store.take(relay, share.take(), lease);
      taken.forEach(lent -> lanes.get(lent.lane()).granted(lent));
      if (!taken.isEmpty()) {
        log.info("Relay {} took {} lanes of outbox {}", relay, taken.size(), store.name());
        ring();
      }
    }
    for (RelayLane lane : lanes.stream().filter(RelayLane::stays).limit(share.give()).toList()) {
      var unused = lane.leave();
    }
  }

  int held() {
    return (int) lanes.stream().filter(RelayLane::stays).count();
  }

  // Messages.

  private void askOn() {
    PollPace pace = new PollPace();
    long count = clock.nanos();
    while (!closing) {
      long begun = clock.nanos();
      boolean found = false;
      try {
        found = ask();
        if (clock.nanos() - count >= 0) {
          count = clock.nanos() + COUNTED_NANOS;
          pending = store.pending();
        }
      } catch (RuntimeException | Error failure) {
        if (warnings.allows("ask")) {
          log.warn("Outbox {} cannot be read; it is tried again", store.name(), failure);
        }
      }
      long pause = pace.after(found);
      boolean busy = lanes.stream().anyMatch(RelayLane::isBusy);
      if (rung(busy ? Math.min(BUSY_MILLIS, pause) : pause)) {
        pace.expected();
        LockSupport.parkNanos(begun + LEAST_PAUSE_NANOS - clock.nanos());
      }
    }
  }

  void retryNow() {
    if (closed.get()) {
      return;
    }
    log.info("Relay {} of outbox {} is told to try again now", relay, store.name());
    producer.retryNow();
    lanes.forEach(RelayLane::retryNow);
    ring();
    try {
      keeper.execute(this::beat);
    } catch (RejectedExecutionException closedMeanwhile) {
      log.debug("Relay {} is closed meanwhile", relay, closedMeanwhile);
    }
  }

  private boolean rung(long millis) {
    try {
      return bell.poll(millis, TimeUnit.MILLISECONDS) != null;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      closing = true;
      return false;
    }
  }

  private boolean ask() {
    if (held() == 0) {
      return false;
    }
    lanes.stream().filter(RelayLane::isBusy).forEach(RelayLane::signal);
    List<LaneLease> looking = lanes.stream().flatMap(lane -> lane.looks().stream()).toList();
    boolean found = work.look(looking, (lease, rows) -> lanes.get(lease.lane()).shown(lease, rows));
    return found || looking.size() < held();
  }

  // The end.

  OutboxHealth health() {
    if (closed.get()) {
      return new OutboxHealth(OutboxHealth.Status.CLOSED, List.of("It was closed"), pending);
    }
    return OutboxHealth.of(pending, warnAfter, beats);
  }

  boolean close(Duration timeout) {
    if (!closed.compareAndSet(false, true)) {
      return true;
    }
    long begun = clock.nanos();
    closing = true;
    if (listening != null) {
      listening.close();
    }
    ring();
    boolean all = left(timeout);
    keeper.shutdownNow();
    Duration rest = timeout.minusNanos(clock.nanos() - begun);
    var unused = producer.close(rest.isNegative() ? Duration.ZERO : rest);
    turns.shutdown();
    leave();
    meters.close();
    log.info("Relay {} of outbox {} closed", relay, store.name());
    return all;
  }

  private boolean left(Duration timeout) {
    CompletableFuture<?>[] leaving =
        lanes.stream().map(RelayLane::leave).toArray(CompletableFuture<?>[]::new);
    try {
      var unused = CompletableFuture.allOf(leaving).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException late) {
      log.warn(
          "Relay {} of outbox {} closes with messages under way: they stay, and may be sent twice",
          relay,
          store.name());
      return false;
    }
  }

  private void leave() {
    try {
      store.leave(relay);
    } catch (RuntimeException failure) {
      log.warn(
          "The lanes of relay {} of outbox {} could not be given back; their leases end within {}",
          relay,
          store.name(),
          lease,
          failure);
    }
  }
}
