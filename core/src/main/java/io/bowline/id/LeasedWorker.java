// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker id of a store: taken, renewed by a thread of its own, given back; after a loss another
 * one is taken. Thread-safe.
 */
final class LeasedWorker implements Worker {
  private static final Logger log = LoggerFactory.getLogger(LeasedWorker.class);

  /** A lease is renewed after this part of it. */
  private static final int RENEWED_AFTER = 3;

  /** This part of a lease is not used, since the counters of machines run at different speeds. */
  private static final int MARGIN = 6;

  /** What failed is tried again after this part of a lease. */
  private static final int RETRIED_AFTER = 30;

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final WorkerLeases store;
  private final Settings settings;
  private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread keeper = new Thread(this::keep, "bowline-worker-lease");

  /** Of the keeper, and of who opens before it starts; so is the next. */
  private @Nullable WorkerLease lease;

  private long floor;

  private volatile @Nullable WorkerHold hold;
  private volatile Trouble trouble = new Trouble("none was taken yet", null);
  private volatile long last;

  /** Why there is no worker id, or it was not renewed. */
  private record Trouble(String why, @Nullable Throwable cause) {}

  record Settings(WorkerRange range, Duration length, Duration coolDown, SnowflakeIds.Time time) {
    LeaseTerms terms(long from, long upTo) {
      return new LeaseTerms(length, coolDown, from, upTo);
    }

    LeaseTerms fromNow() {
      long now = time.clock().millis();
      return terms(now, now + length.toMillis());
    }
  }

  LeasedWorker(WorkerLeases store, Settings settings) {
    this.store = store;
    this.settings = settings;
    keeper.setDaemon(true);
  }

  /** Takes a worker id, and keeps it from now on. */
  void open() {
    boolean unused = step();
    var held = hold();
    keeper.start();
    log.debug("Worker id {} is renewed from now on", held.worker());
  }

  @Override
  public WorkerHold hold() {
    WorkerHold held = hold;
    if (held != null) {
      return held;
    }
    Trouble seen = trouble;
    throw new IdsUnavailable(
        "Drawing a Snowflake id: no worker id from "
            + settings.range.first()
            + " to "
            + settings.range.last()
            + " is held, since "
            + seen.why
            + ". Once that is mended one is taken by itself, after "
            + settings.length.dividedBy(RETRIED_AFTER)
            + " at most",
        seen.cause);
  }

  @Override
  public boolean lasts(WorkerHold held) {
    return settings.time.nanos().getAsLong() - held.endNanos() < 0;
  }

  @Override
  public void hurry() {
    boolean unused = wake.offer(true);
  }

  @Override
  public void close(long lastTick) {
    last = lastTick;
    closing.countDown();
    hurry();
    try {
      keeper.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep() {
    boolean well = true;
    while (!rest(well)) {
      well = step();
    }
    hold = null;
    giveBack();
  }

  /** Waits for the next step; true once it is closed. In trouble, nobody hurries the store. */
  private boolean rest(boolean well) {
    long nanos = settings.length.dividedBy(well ? RENEWED_AFTER : RETRIED_AFTER).toNanos();
    try {
      if (well) {
        var unused = wake.poll(nanos, TimeUnit.NANOSECONDS);
      } else {
        boolean unused = closing.await(nanos, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException nobodys) {
      log.warn("The thread that renews a worker id was interrupted, and goes on", nobodys);
    }
    return closing.getCount() == 0;
  }

  /** Renews the lease, or takes another one; false if there is none now. */
  boolean step() {
    WorkerLease held = lease;
    try {
      if (held != null && renewed(held)) {
        return true;
      }
      if (held != null) {
        lease = null;
        hold = null;
        log.warn(
            "Worker id {} is held by {} no more: its lease ended before it was renewed, or the"
                + " store forgot it. Another one is taken",
            held.worker(),
            held.owner());
      }
      return taken();
    } catch (RuntimeException | Error failure) {
      failed(failure);
      return false;
    }
  }

  private boolean renewed(WorkerLease held) {
    long end = endIfGrantedNow();
    LeaseTerms terms = settings.fromNow();
    if (!store.renew(held, terms)) {
      return false;
    }
    holds(held, terms, end);
    return true;
  }

  private boolean taken() {
    long end = endIfGrantedNow();
    LeaseTerms terms = settings.fromNow();
    Optional<WorkerLease> got = store.take(settings.range, UUID.randomUUID().toString(), terms);
    if (got.isEmpty()) {
      trouble("all are held, or cool down, or were used by a clock that stands ahead", null);
      return false;
    }
    WorkerLease taken = got.get();
    lease = taken;
    floor = SnowflakeBits.before(terms.from() - SnowflakeIds.EPOCH_MILLIS);
    holds(taken, terms, end);
    log.info("Worker id {} is held by {}", taken.worker(), taken.owner());
    return true;
  }

  /** Counted from before the store was asked, so that it never ends later here than there. */
  private long endIfGrantedNow() {
    Duration used = settings.length.minus(settings.length.dividedBy(MARGIN));
    return settings.time.nanos().getAsLong() + used.toNanos();
  }

  private void holds(WorkerLease held, LeaseTerms terms, long end) {
    long upTo = terms.upTo() - SnowflakeIds.EPOCH_MILLIS;
    hold = new WorkerHold(held.worker(), floor, upTo, end);
    trouble = new Trouble("", null);
  }

  private void failed(Throwable failure) {
    WorkerHold held = hold;
    if (held != null && !lasts(held)) {
      hold = null;
    }
    trouble("the store of the leases could not be asked: " + failure.getMessage(), failure);
  }

  /** Tells it once, until a lease is had or renewed again. */
  private void trouble(String why, @Nullable Throwable failure) {
    boolean first = trouble.why.isEmpty();
    trouble = new Trouble(why, failure);
    if (first) {
      log.warn(
          "No worker id from {} to {} could be taken or renewed, since {}. It is tried again; ids"
              + " are drawn while the last lease lasts",
          settings.range.first(),
          settings.range.last(),
          why);
    }
  }

  void giveBack() {
    WorkerLease held = lease;
    if (held == null) {
      return;
    }
    long used = SnowflakeBits.millis(Math.max(last, floor)) + SnowflakeIds.EPOCH_MILLIS;
    try {
      store.giveBack(held, settings.terms(used, used));
      log.info("Worker id {} was given back", held.worker());
    } catch (RuntimeException failure) {
      log.warn(
          "Worker id {} could not be given back; its lease ends by itself", held.worker(), failure);
    }
  }
}
