// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.Bowline;
import io.bowline.outbox.OutboxRelay;
import io.bowline.retry.Retry;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reaches for a broker until it is there, and starts a relay to it then. Thread-safe. */
final class BrokerLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DurableProducer.class);
  private static final Retry RETRY =
      Retry.forever().backoff(Duration.ofMillis(100), DurableProducer.CONNECTS_AT_LEAST_EVERY);

  /** How long the closing waits for a try to connect that is under way: 1 min. */
  private static final long LAST_TRY_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final JdbcOutbox outbox;
  private final String source;
  private final Supplier<Bowline> broker;
  private final OncePerMinute warnings = new OncePerMinute();
  private final Semaphore hurry = new Semaphore(0);
  private final Thread thread;
  private volatile @Nullable Bowline bowline;
  private volatile @Nullable OutboxRelay relay;
  private volatile boolean closing;

  BrokerLink(JdbcOutbox outbox, String source, Supplier<Bowline> broker) {
    this.outbox = outbox;
    this.source = source;
    this.broker = broker;
    this.thread = new Thread(this::connect, "bowline-durable-" + source);
    thread.setDaemon(true);
    thread.start();
  }

  private void connect() {
    for (int attempt = 1; !closing && relay == null; attempt++) {
      try {
        start();
      } catch (RuntimeException | Error failure) {
        if (warnings.allows("connect")) {
          log.warn(
              "The broker of durable producer {} is not reached, which is tried again; messages are"
                  + " stored meanwhile. Told at most once a minute",
              source,
              failure);
        }
        await(RETRY.delayAfter(attempt, ThreadLocalRandom.current()));
      }
    }
  }

  private void start() {
    Bowline connected = bowline;
    if (connected == null) {
      connected = broker.get();
      bowline = connected;
    }
    if (!closing) {
      relay = OutboxRelay.of(outbox, connected.producer(source)).start();
    }
  }

  private void await(Duration pause) {
    try {
      boolean hurried = hurry.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
      log.debug("Reaching for the broker again, told to: {}", hurried);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  Optional<OutboxRelay> relay() {
    return Optional.ofNullable(relay);
  }

  void retryNow() {
    if (hurry.availablePermits() == 0) {
      hurry.release();
    }
    relay().ifPresent(OutboxRelay::retryNow);
  }

  @Override
  public void close() {
    closing = true;
    hurry.release();
    try {
      thread.join(LAST_TRY_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    relay().ifPresent(OutboxRelay::close);
    Bowline connected = bowline;
    if (connected != null) {
      connected.close();
    }
  }
}
