// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Health.Status;
import io.bowline.consumer.Signs.Phase;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the signs of a consumer, says how it is, and warns once a minute while it is stuck. Told
 * by handler threads of calls, by the polling thread of all else; asked by anybody.
 */
final class Watchdog {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final long LONGEST_PERIOD = Duration.ofSeconds(1).toNanos();
  private static final long SHORTEST_PERIOD = Duration.ofMillis(5).toNanos();

  private final String who;
  private final long period;
  private final Diagnosis diagnosis;
  private final LongSupplier nanos;
  private final Gate gate;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile String lastFailure = "";
  private volatile Signs.@Nullable Shut postponed;
  private final Sweep sweep = new Sweep();
  private final OncePerMinute warnings = new OncePerMinute();

  /** These are written by the polling thread alone. */
  private volatile Phase phase = Phase.WORKING;

  private volatile String trouble = "";
  private volatile long turned;
  private volatile long settledAt;
  private volatile Signs.Held held = Signs.Held.NOTHING;
  private volatile int heldMessages;
  private volatile long heldBytes;
  private long settled;
  private long heldSince;
  private long sweptAt;

  /** Written by whoever checks, one at a time. */
  private Status last = Status.UP;

  /**
   * @param who for the log
   * @param stuckAfter in nanoseconds
   */
  Watchdog(String who, long stuckAfter, LongSupplier nanos, Gate gate) {
    this.who = who;
    this.nanos = nanos;
    this.gate = gate;
    diagnosis = new Diagnosis(stuckAfter);
    period = Math.max(SHORTEST_PERIOD, Math.min(stuckAfter / 4, LONGEST_PERIOD));
    long now = nanos.getAsLong();
    turned = now;
    settledAt = now;
    heldSince = now;
    sweptAt = now;
  }

  /** How often to look. */
  Duration period() {
    return Duration.ofNanos(period);
  }

  /** A handler is called, by the thread that tells. */
  void began(Work work) {
    work.step();
  }

  /** The call ended. */
  void ended(Work work, @Nullable Throwable failure) {
    work.step();
    if (failure == null) {
      if (failures.get() != 0) {
        failures.set(0);
        postponed = null;
      }
    } else if (work.lane.isOpen() && !(failure instanceof ClaimBusy)) {
      lastFailure = failure.getClass().getName();
      postponed = failure instanceof Postponed later ? postponed(later) : null;
      failures.incrementAndGet();
    }
  }

  private Signs.Shut postponed(Postponed failure) {
    Throwable cause = failure.getCause();
    String why = (cause == null ? failure : cause).getClass().getName();
    Signs.Shut before = postponed;
    return new Signs.Shut(why, before == null ? nanos.getAsLong() : before.since());
  }

  /** A turn of the polling is done; whether it was time to look through what is in memory. */
  boolean turned(HeldWork work, long settledSoFar) {
    long now = nanos.getAsLong();
    turned = now;
    boolean fresh = phase != Phase.WORKING;
    phase = Phase.WORKING;
    if (settledSoFar != settled) {
      settled = settledSoFar;
      settledAt = now;
    }
    heldMessages = work.messages();
    heldBytes = work.bytes();
    if (fresh || work.messages() == 0) {
      heldSince = now;
    }
    if (now - sweptAt < period) {
      return false;
    }
    sweptAt = now;
    sweep.leaves(work.takeLeft());
    held = sweep.over(work, heldSince, now);
    return true;
  }

  /** Messages in memory after the last turn. */
  int heldMessages() {
    return heldMessages;
  }

  /** Bytes of their bodies. */
  long heldBytes() {
    return heldBytes;
  }

  /** The subscription broke, with all it held. */
  void broke(Throwable failure, HeldWork work) {
    trouble = failure.getClass().getName();
    phase = Phase.JOINING;
    sweep.leaves(work.takeLeft());
    held = Signs.Held.NOTHING;
    heldMessages = 0;
    heldBytes = 0;
    settled = 0;
  }

  void closing() {
    if (phase != Phase.DIED) {
      phase = Phase.CLOSING;
    }
  }

  /** All is over; a thread that died stays so. */
  void closed() {
    if (phase != Phase.DIED) {
      phase = Phase.CLOSED;
    }
  }

  /** The polling thread ends by this. */
  void died(Throwable failure) {
    trouble = failure.getClass().getName();
    phase = Phase.DIED;
  }

  Health health() {
    Signs signs =
        new Signs(
            new Signs.Loop(phase, turned, settledAt, trouble),
            held,
            new Signs.Calls(failures.get(), lastFailure, postponed),
            gate.signs());
    return diagnosis.of(signs, nanos.getAsLong());
  }

  private boolean isNews(Status status) {
    return status != last && (last == Status.STUCK || warnings.allows(status.name()));
  }

  /** Looks, and tells what changed, or once a minute that it is stuck. */
  synchronized void check() {
    Health now = health();
    if (now.status() == Status.STUCK && warnings.allows("stuck")) {
      log.warn("{} is STUCK: {}", who, now.reason());
    } else if (now.status() != Status.STUCK && isNews(now.status())) {
      log.info("{} is {} {}", who, now.status(), now.reason());
    }
    last = now.status();
  }
}
