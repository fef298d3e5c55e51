// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Which received messages are still invisible to others, and which are to be renewed when: pure, by
 * a clock in nanoseconds that is handed in. For one thread.
 *
 * <p>A lease is renewed at a third of its time, one renewal at once. After a failed renewal the
 * lease is over for good, since the client may have dropped the handle (it overwrites it with that
 * of the error's answer), and an old handle settles nothing.
 *
 * @param <T> what is held, told apart by identity
 */
final class InvisibleLeases<T> {
  private static final long NEVER = Long.MAX_VALUE;

  private final long span;
  private final IdentityHashMap<T, Lease> leases = new IdentityHashMap<>();
  private long nextDue = NEVER;
  private long nextLook = Long.MIN_VALUE;

  private static final class Lease {
    private long since;
    private boolean renewing;
    private boolean failed;
  }

  InvisibleLeases(Duration span) {
    this.span = span.toNanos();
  }

  /** Starts a lease, or starts it again: with a new handle, nothing that was before counts. */
  void granted(T held, long now) {
    Lease lease = new Lease();
    lease.since = now;
    leases.put(held, lease);
    nextDue = Math.min(nextDue, now + span / 3);
  }

  /** Whether it is ours for certain. */
  boolean valid(T held, long now) {
    Lease lease = leases.get(held);
    return lease != null && !lease.failed && now - lease.since < span;
  }

  /** Whether a renewal is on its way, whose answer brings a new handle. */
  boolean renewing(T held) {
    Lease lease = leases.get(held);
    return lease != null && lease.renewing;
  }

  /** What is to be renewed now; each counts as being renewed from here on. */
  List<T> due(long now) {
    if (now < nextDue) {
      return List.of();
    }
    List<T> due = new ArrayList<>();
    nextDue = NEVER;
    leases.forEach(
        (held, lease) -> {
          if (lease.renewing || lease.failed || now - lease.since >= span) {
            return;
          }
          if (now - lease.since >= span / 3) {
            lease.renewing = true;
            due.add(held);
          } else {
            nextDue = Math.min(nextDue, lease.since + span / 3);
          }
        });
    return due;
  }

  /** How long until something is due, in nanoseconds; 0 if it is. */
  long untilDue(long now) {
    return nextDue == NEVER ? NEVER : Math.max(0, nextDue - now);
  }

  /** A renewal asked for at this time was granted. Nothing happens if the lease has ended. */
  void renewed(T held, long asked) {
    Lease lease = leases.get(held);
    if (lease != null && lease.renewing) {
      lease.renewing = false;
      lease.since = asked;
      nextDue = Math.min(nextDue, asked + span / 3);
    }
  }

  /** A renewal failed: never again. */
  void failed(T held) {
    Lease lease = leases.get(held);
    if (lease != null) {
      lease.renewing = false;
      lease.failed = true;
      nextLook = Long.MIN_VALUE;
    }
  }

  /**
   * Those whose lease has failed or run out; each is told once and then forgotten. One that ran out
   * may be told up to a tenth of the lease late: {@link #valid} is exact.
   */
  List<T> lost(long now) {
    if (now < nextLook) {
      return List.of();
    }
    nextLook = now + span / 10;
    List<T> lost = new ArrayList<>();
    leases.forEach(
        (held, lease) -> {
          if (lease.failed || now - lease.since >= span) {
            lost.add(held);
          }
        });
    lost.forEach(leases::remove);
    return lost;
  }

  /** Settled: no lease any more. */
  void ended(T held) {
    leases.remove(held);
  }
}
