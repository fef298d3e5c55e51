// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.faults;

import io.bowline.testkit.faults.ProxyLink.Direction;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** What a proxy does to bytes now, and what it has counted. Thread-safe. */
final class ProxyState {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean frozen;
  private boolean dropsAnswers;
  private boolean refuses;
  private long latencyNanos;
  private long connections;
  private long toServer;
  private long toClients;
  private long dropped;
  private String lastTrouble = "none";

  void freeze() {
    change(() -> frozen = true);
  }

  void thaw() {
    change(() -> frozen = false);
  }

  void dropAnswers() {
    change(() -> dropsAnswers = true);
  }

  void keepAnswers() {
    change(() -> dropsAnswers = false);
  }

  void refuse(boolean refuse) {
    change(() -> refuses = refuse);
  }

  void latency(Duration eachWay) {
    change(() -> latencyNanos = eachWay.toNanos());
  }

  void forward() {
    change(
        () -> {
          frozen = false;
          dropsAnswers = false;
          refuses = false;
          latencyNanos = 0;
        });
  }

  boolean refuses() {
    lock.lock();
    try {
      return refuses;
    } finally {
      lock.unlock();
    }
  }

  /** Waits while this link is frozen, and as long as the latency; false if it is to be dropped. */
  boolean admits(ProxyLink link, Direction direction) throws InterruptedException {
    lock.lock();
    try {
      long until = System.nanoTime() + latencyNanos;
      for (long left = latencyNanos; left > 0 && !link.over(); left = until - System.nanoTime()) {
        changed.awaitNanos(left);
      }
      while ((frozen || link.frozen()) && !link.over()) {
        changed.await();
      }
      return !link.over() && !(direction == Direction.TO_CLIENT && dropsAnswers);
    } finally {
      lock.unlock();
    }
  }

  /** A link changed: those who wait look again. */
  void changed() {
    change(() -> {});
  }

  void connected() {
    change(() -> connections++);
  }

  void forwarded(Direction direction, int bytes) {
    if (direction == Direction.TO_SERVER) {
      change(() -> toServer += bytes);
    } else {
      change(() -> toClients += bytes);
    }
  }

  void dropped(int bytes) {
    change(() -> dropped += bytes);
  }

  void failed(String what) {
    change(() -> lastTrouble = what);
  }

  long connections() {
    return read(() -> connections);
  }

  long toServer() {
    return read(() -> toServer);
  }

  long toClients() {
    return read(() -> toClients);
  }

  long dropped() {
    return read(() -> dropped);
  }

  private interface Count {
    long value();
  }

  private long read(Count count) {
    lock.lock();
    try {
      return count.value();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable how) {
    lock.lock();
    try {
      how.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void await(String what, BooleanSupplier holds, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    lock.lock();
    try {
      while (!holds.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("Waited " + within + " in vain for " + what + "; saw " + this);
        }
        changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "%d taken, %d bytes to the server, %d to clients, %d dropped, last trouble: %s"
          .formatted(connections, toServer, toClients, dropped, lastTrouble);
    } finally {
      lock.unlock();
    }
  }
}
