// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, opened again by a thread of its own whenever it is gone, until it is closed. The
 * client's own recovery is off, since it shows a channel to publishers before confirms are on again
 * and swallows acknowledgements of the connection before. Thread-safe.
 */
final class SupervisedConnection {
  private static final Logger log = LoggerFactory.getLogger(SupervisedConnection.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final RabbitConnections connections;
  private final String role;
  private final OncePerMinute warnings = new OncePerMinute();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private @Nullable Connection connection;
  private @Nullable Throwable failure;
  private volatile @Nullable String blocked;
  private boolean reachedOnce;
  private boolean started;
  private boolean closed;
  private long changes;

  SupervisedConnection(RabbitConnections connections, String role) {
    this.connections = connections;
    this.role = role;
    this.thread = new Thread(this::supervise, "bowline-rabbitmq-" + role);
    thread.setDaemon(true);
  }

  /** Begins to connect, if it has not yet. */
  void start() {
    lock.lock();
    try {
      if (!started && !closed) {
        started = true;
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The open connection; waits for it while there is none.
   *
   * @throws TransportException REFUSED if no connection ever came about and the broker said why, or
   *     if this is closed; UNKNOWN if time ran out
   */
  Connection await(Duration patience) {
    Optional<Connection> open = awaitOpen(patience, true);
    if (open.isPresent()) {
      return open.get();
    }
    lock.lock();
    try {
      if (closed) {
        throw new TransportException(
            Verdict.REFUSED, "The transport to " + connections.target() + " is closed");
      }
      IOException silence = new IOException("no answer within " + patience);
      throw RabbitVerdicts.connecting(connections.target(), failure == null ? silence : failure);
    } finally {
      lock.unlock();
    }
  }

  /** The open connection, if there is one within this time. An interrupt ends the wait. */
  Optional<Connection> awaitOpen(Duration patience) {
    return awaitOpen(patience, false);
  }

  /** Waits until the connection comes, goes or is closed, at most this long. */
  void awaitChange(Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      long before = changes;
      while (changes == before && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Connection> awaitOpen(Duration patience, boolean untilRefused) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!isOpen() && !closed && left > 0 && !(untilRefused && refusedForGood())) {
        left = changed.awaitNanos(left);
      }
      return isOpen() ? Optional.ofNullable(connection) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return isOpen() ? Optional.ofNullable(connection) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Why sends wait, for the message of a failure; empty if nothing is wrong. */
  String trouble() {
    String reason = blocked;
    if (reason != null) {
      return " while the broker blocked publishers: " + reason;
    }
    lock.lock();
    try {
      return isOpen() ? "" : " without a connection: " + RabbitVerdicts.describe(failure);
    } finally {
      lock.unlock();
    }
  }

  /** Lets the broker go, within the connect timeout. Closing twice does nothing. */
  void close() {
    Connection last;
    lock.lock();
    try {
      closed = true;
      last = connection;
      tellAll();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      connections.letGo(last);
    }
  }

  private void supervise() {
    int failures = 0;
    while (!isClosed()) {
      Connection opened = open();
      failures = opened == null ? failures + 1 : 0;
      if (opened == null) {
        pause(failures);
      } else {
        use(opened);
      }
    }
  }

  private @Nullable Connection open() {
    try {
      return connections.connect(role);
    } catch (IOException | TimeoutException | RuntimeException e) {
      if (warnings.allows("connect")) {
        log.warn(
            "Cannot connect to {} for {}, trying again: {}",
            connections.target(),
            role,
            RabbitVerdicts.describe(e));
      }
      lock.lock();
      try {
        failure = e;
        tellAll();
      } finally {
        lock.unlock();
      }
      return null;
    }
  }

  /** Shows the connection to all who wait, and returns once it is gone. */
  private void use(Connection opened) {
    opened.addBlockedListener(this::tellBlocked, this::tellUnblocked);
    lock.lock();
    try {
      connection = opened;
      reachedOnce = true;
      tellAll();
      opened.addShutdownListener(this::gone);
      log.info("Connected to {} for {}", connections.target(), role);
      while (isOpen() && !closed) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    blocked = null;
    if (isClosed()) {
      connections.letGo(opened);
    }
  }

  private void gone(ShutdownSignalException reason) {
    lock.lock();
    try {
      failure = reason;
      if (!closed && warnings.allows("lost")) {
        log.warn(
            "Lost the connection to {} for {}, connecting again: {}",
            connections.target(),
            role,
            RabbitVerdicts.describe(reason));
      }
      tellAll();
    } finally {
      lock.unlock();
    }
  }

  private void tellBlocked(String reason) {
    blocked = reason;
    if (warnings.allows("blocked")) {
      log.warn(
          "RabbitMQ at {} blocked the connection for {}: {}; nothing can be published until its"
              + " alarm is over",
          connections.target(),
          role,
          reason);
    }
  }

  private void tellUnblocked() {
    blocked = null;
    log.info("RabbitMQ at {} takes messages again", connections.target());
  }

  private void pause(int failures) {
    long bound =
        Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, 10));
    // Half of it at random, so that many clients of a broker that came back do not come at once.
    long left = bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2);
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but who wants it to end the pause.
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  private void tellAll() {
    changes++;
    changed.signalAll();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpen() {
    return connection != null && connection.isOpen();
  }

  /** Waiting on would only repeat a wrong password. */
  private boolean refusedForGood() {
    return !reachedOnce
        && failure != null
        && RabbitVerdicts.connecting("", failure).verdict() == Verdict.REFUSED;
  }
}
