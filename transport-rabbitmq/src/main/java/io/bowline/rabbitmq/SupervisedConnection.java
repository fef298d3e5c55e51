// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.RabbitVerdicts.Trouble;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private final ConnectionNews news;
  private final WriteRun writes = new WriteRun();
  private volatile @Nullable OpenConnection current;
  private @Nullable Throwable failure;
  private boolean reachedOnce;
  private boolean started;
  private volatile boolean closed;
  private long changes;

  SupervisedConnection(RabbitConnections connections, String role) {
    this.connections = connections;
    this.role = role;
    this.news = new ConnectionNews(role, connections.target(), connections.events());
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
      throw ConnectFailures.failure(connections.target(), failure == null ? silence : failure);
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
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    OpenConnection open = current;
    return open != null && open.connection().isOpen()
        ? Optional.of(open.connection())
        : Optional.empty();
  }

  /** Why the broker takes no messages just now, in its words; null if it takes them. */
  @Nullable String blocked() {
    return news.blocked();
  }

  /** What the thread that publishes on this connection writes in one go. */
  WriteRun writes() {
    return writes;
  }

  /**
   * Ends the connection at once, also while a thread is stuck writing to it, and opens another.
   *
   * @param why for people
   */
  void cut(String why) {
    OpenConnection stuck = current;
    if (stuck != null) {
      log.warn("Cutting the connection to {} for {}: {}", stuck.host(), role, why);
      RabbitConnections.inBackground("bowline-rabbitmq-cut", stuck::cut);
    }
  }

  /** Why sends wait, for the message of a failure. */
  Trouble trouble() {
    String reason = news.blocked();
    if (reason != null) {
      return new Trouble(true, " while the broker blocked publishers: " + reason);
    }
    lock.lock();
    try {
      return new Trouble(
          false, isOpen() ? "" : " without a connection: " + RabbitVerdicts.describe(failure));
    } finally {
      lock.unlock();
    }
  }

  /** Lets the broker go, within the connect timeout. Closing twice does nothing. */
  void close() {
    lock.lock();
    try {
      closed = true;
      tellAll();
    } finally {
      lock.unlock();
    }
    OpenConnection last = current;
    if (last != null) {
      connections.letGo(last);
    }
  }

  private void supervise() {
    int failures = 0;
    while (!closed) {
      OpenConnection opened = open();
      failures = opened == null ? failures + 1 : 0;
      if (opened == null) {
        pause(failures);
      } else {
        use(opened);
      }
    }
  }

  private @Nullable OpenConnection open() {
    try {
      return connections.connect(role, writes);
    } catch (IOException | RuntimeException e) {
      news.cannotConnect(e);
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
  private void use(OpenConnection opened) {
    Connection connection = opened.connection();
    connection.addBlockedListener(news::blocked, this::tellUnblocked);
    boolean again;
    lock.lock();
    try {
      again = reachedOnce;
      current = opened;
      reachedOnce = true;
      tellAll();
    } finally {
      lock.unlock();
    }
    news.connected(opened.host(), again);
    connection.addShutdownListener(this::gone);
    lock.lock();
    try {
      while (isOpen() && !closed) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    news.over();
    if (closed) {
      connections.letGo(opened);
    }
  }

  private void gone(ShutdownSignalException reason) {
    boolean lost;
    lock.lock();
    try {
      failure = reason;
      lost = !closed;
      tellAll();
    } finally {
      lock.unlock();
    }
    if (lost) {
      news.lost(reason);
    }
  }

  private void tellUnblocked() {
    news.unblocked();
    lock.lock();
    try {
      tellAll();
    } finally {
      lock.unlock();
    }
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

  boolean isOpen() {
    OpenConnection open = current;
    return open != null && open.connection().isOpen();
  }

  /** Waiting on would only repeat a wrong password. */
  private boolean refusedForGood() {
    return !reachedOnce
        && failure != null
        && ConnectFailures.row(failure).verdict() == Verdict.REFUSED;
  }
}
