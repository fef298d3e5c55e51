// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What a transport last told of its connections: whether the broker takes messages, why not, and
 * how often connections went and came. Whoever wants to send can look, at the cost of one volatile
 * read, or wait until the broker takes messages again. Thread-safe.
 *
 * <p>It remembers {@value #MAX_CAUSES} causes at once; one that is told beyond them is left out.
 */
public final class BrokerState implements BrokerEvents {
  /** The most causes of a blocked broker that are remembered at once. */
  public static final int MAX_CAUSES = 64;

  private final Clock clock;
  private final BrokerEvents next;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition unblocked = lock.newCondition();
  private final Map<String, Blocked> causes = new LinkedHashMap<>();
  private volatile boolean blocked;
  private final LongAdder lost = new LongAdder();
  private final LongAdder restored = new LongAdder();

  /**
   * Why a broker takes no messages.
   *
   * @param cause its name
   * @param why what a person should know
   * @param since when it was first told
   */
  public record Blocked(String cause, String why, Instant since) {}

  /** A broker that takes messages, at the system's time. */
  public BrokerState() {
    this(Clock.systemUTC(), NONE);
  }

  /**
   * A broker that takes messages.
   *
   * @param next hears what changed, under this state's lock and so in its order: each loss and
   *     return, and a cause at its beginning and at its end, not when it is told again
   */
  public BrokerState(Clock clock, BrokerEvents next) {
    this.clock = clock;
    this.next = next;
  }

  /** Whether the broker takes no messages for now. One volatile read. */
  public boolean blocked() {
    return blocked;
  }

  /** The causes and their reasons in a clause, for people; empty if the broker is not blocked. */
  public Optional<String> why() {
    List<Blocked> now = causes();
    return now.isEmpty()
        ? Optional.empty()
        : Optional.of(
            now.stream()
                .map(one -> one.cause + " since " + one.since + ": " + one.why)
                .collect(Collectors.joining("; ")));
  }

  /** The causes that hold now, the oldest first. */
  public List<Blocked> causes() {
    lock.lock();
    try {
      return List.copyOf(causes.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no cause holds, at most this long; returns at once if none does.
   *
   * @return whether the broker took messages again within that time
   */
  public boolean awaitUnblocked(Duration longest) throws InterruptedException {
    if (!blocked) {
      return true;
    }
    long left = TimeUnit.NANOSECONDS.convert(longest); // saturates
    lock.lockInterruptibly();
    try {
      while (blocked && left > 0) {
        left = unblocked.awaitNanos(left);
      }
      return !blocked;
    } finally {
      lock.unlock();
    }
  }

  /** How often a connection was lost, of all connections together. */
  public long lost() {
    return lost.sum();
  }

  /** How often a lost connection came back, of all connections together. */
  public long restored() {
    return restored.sum();
  }

  @Override
  public void lost(String connection, String why) {
    lock.lock();
    try {
      lost.increment();
      next.lost(connection, why);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void restored(String connection) {
    lock.lock();
    try {
      restored.increment();
      next.restored(connection);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void blocked(String cause, String why) {
    lock.lock();
    try {
      Blocked earlier = causes.get(cause);
      if (earlier != null) {
        causes.put(cause, new Blocked(cause, why, earlier.since));
      } else if (causes.size() < MAX_CAUSES) {
        causes.put(cause, new Blocked(cause, why, clock.instant()));
        blocked = true;
        next.blocked(cause, why);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void unblocked(String cause) {
    lock.lock();
    try {
      if (causes.remove(cause) != null) {
        next.unblocked(cause);
        if (causes.isEmpty()) {
          blocked = false;
          unblocked.signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The causes that hold now, or that none does. */
  @Override
  public String toString() {
    return why().map(why -> "BrokerState[blocked by " + why + "]").orElse("BrokerState[open]");
  }
}
