// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.producer.Order;
import io.bowline.producer.ProducerBuilder;
import io.bowline.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of an {@link OutboxRelay}, each with a safe default. Not thread-safe. */
public final class OutboxRelayBuilder {
  /** The default {@link #lease}: 10 s. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

  /** The shortest lease: 1 s. A shorter one is lost by any pause. */
  public static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  /** The longest lease: 30 s. */
  public static final Duration LONGEST_LEASE = Duration.ofSeconds(30);

  /** The default {@link #threads}. */
  public static final int DEFAULT_THREADS = 4;

  /** The default wait after a first failure: 50 ms; it doubles. */
  public static final Duration DEFAULT_FIRST_BACKOFF = Duration.ofMillis(50);

  /** The default longest wait after failures: 5 s. */
  public static final Duration DEFAULT_LONGEST_BACKOFF = Duration.ofSeconds(5);

  /** The default {@link #warnAfter}: 1 min. */
  public static final Duration DEFAULT_WARN_AFTER = Duration.ofMinutes(1);

  private static final int MOST_THREADS = 64;

  /** A message of an outbox is never given up: as long as a deadline can be. */
  private static final Duration NO_DEADLINE = Duration.ofDays(3_650);

  final OutboxStore store;
  Duration lease = DEFAULT_LEASE;
  int threads = DEFAULT_THREADS;
  Duration warnAfter = DEFAULT_WARN_AFTER;
  private Retry retry = Retry.forever().backoff(DEFAULT_FIRST_BACKOFF, DEFAULT_LONGEST_BACKOFF);
  @Nullable MeterRegistry registry;
  private final ProducerBuilder producer;

  OutboxRelayBuilder(OutboxStore store, ProducerBuilder producer) {
    this.store = Objects.requireNonNull(store);
    this.producer = Objects.requireNonNull(producer);
  }

  /**
   * How long lanes are lent, by the store's clock, 10 s by default: the lanes of a relay that died
   * are taken over that long after its last sign, and a tenth. A process that stands still for
   * longer is followed, and sends some messages twice, under the same ids.
   *
   * @throws IllegalArgumentException unless it is from 1 s to 30 s
   */
  public OutboxRelayBuilder lease(Duration length) {
    if (length.compareTo(SHORTEST_LEASE) < 0 || length.compareTo(LONGEST_LEASE) > 0) {
      throw new IllegalArgumentException(
          "A lease of " + length + ": it is from " + SHORTEST_LEASE + " to " + LONGEST_LEASE);
    }
    this.lease = length;
    return this;
  }

  /**
   * How many lanes are worked on at once, 4 by default, each with a connection of the store's.
   *
   * @throws IllegalArgumentException unless it is from 1 to 64
   */
  public OutboxRelayBuilder threads(int count) {
    if (count < 1 || count > MOST_THREADS) {
      throw new IllegalArgumentException(
          "A relay has from 1 to " + MOST_THREADS + " threads, but it was " + count);
    }
    this.threads = count;
    return this;
  }

  /**
   * How long a key waits after a failure, 50 ms by default and then ever longer, up to 5 s; {@link
   * OutboxRelay#retryNow} ends the wait.
   *
   * @throws IllegalArgumentException unless {@code 0 < first <= longest}
   */
  public OutboxRelayBuilder backoff(Duration first, Duration longest) {
    this.retry = Retry.forever().backoff(first, longest);
    return this;
  }

  /** From which age of the oldest message on {@link OutboxRelay#health} says so: 1 min. */
  public OutboxRelayBuilder warnAfter(Duration age) {
    this.warnAfter = Objects.requireNonNull(age);
    return this;
  }

  /** Where its figures go, named in {@code docs/observability.md}; nowhere by default. */
  public OutboxRelayBuilder metrics(MeterRegistry meters) {
    this.registry = Objects.requireNonNull(meters);
    return this;
  }

  /**
   * Opens the producer and starts to send. A store that does not answer is asked again and again.
   *
   * @throws RuntimeException if the producer cannot be opened
   */
  public OutboxRelay start() {
    RowNumbers numbers = new RowNumbers();
    producer.order(Order.STRICT).retry(retry).deadline(NO_DEADLINE);
    ProducerBuilder ready = store.numbered() ? producer.keySequences(numbers) : producer;
    RelayEngine engine = new RelayEngine(this, ready.open(), numbers);
    engine.start();
    return new OutboxRelay(engine);
  }
}
