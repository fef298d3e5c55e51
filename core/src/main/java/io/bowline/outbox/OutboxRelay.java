// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import java.time.Duration;

/**
 * Sends what waits in an outbox, and takes it away once the broker has CONFIRMED it. Any number of
 * relays share the lanes of an outbox; what one had that died is another one's after its lease.
 *
 * <pre>{@code
 * JdbcOutbox outbox = JdbcOutbox.in(dataSource, "trades");
 * try (OutboxRelay relay = OutboxRelay.of(outbox, bowline.producer("trade-service")).start()) { … }
 * }</pre>
 *
 * <p>Each message is sent at least once, whatever ends in between, always under its own id;
 * messages of one key arrive for the first time in the order of their ids in the outbox. The page
 * {@code docs/outbox.md} argues both. Close it before its {@code Bowline}, which waits without a
 * bound for messages that no deadline ends. Thread-safe.
 */
public final class OutboxRelay implements AutoCloseable {
  /** How often it is counted what waits: 10 s. */
  public static final Duration COUNTED_EVERY = Duration.ofSeconds(10);

  /** How long {@link #close()} lets what is under way end: 10 s. */
  public static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);

  private final RelayEngine engine;

  OutboxRelay(RelayEngine engine) {
    this.engine = engine;
  }

  /**
   * A relay from this outbox, to be set up and started.
   *
   * @param producer how it sends: source, window and metrics are the caller's. The relay sets
   *     order, retries, deadline and key sequences, opens it, and closes it in the end
   */
  public static OutboxRelayBuilder of(OutboxStore outbox, ProducerBuilder producer) {
    return new OutboxRelayBuilder(outbox, producer);
  }

  /**
   * Ends the waits of the moment: what failed is sent again, the outbox is asked, and leases are
   * renewed, all at once and once. For who knows that the broker or the database is back, and will
   * not wait for up to {@link OutboxRelayBuilder#DEFAULT_LONGEST_BACKOFF}. What fails again waits
   * as before. It moves nothing that is parked, and ends no wait of the broker's own client, such
   * as Kafka's for its next connection. Returns at once; nothing happens after the closing.
   */
  public void retryNow() {
    engine.retryNow();
  }

  /** How it is, without asking the store. */
  public OutboxHealth health() {
    return engine.health();
  }

  /** How many lanes this relay has now. */
  public int lanes() {
    return engine.held();
  }

  /**
   * Takes up nothing new, waits at most this long for what is under way, takes away what the broker
   * has, and gives the lanes back, so that other relays go on at once. What is not confirmed by
   * then stays, and may be sent a second time under its id. Closes the {@link ReliableProducer}.
   *
   * @return whether all that was under way has its outcome
   */
  public boolean close(Duration timeout) {
    return engine.close(timeout);
  }

  /** As {@link #close(Duration)}, with {@link #CLOSED_WITHIN}. */
  @Override
  public void close() {
    boolean unused = close(CLOSED_WITHIN);
  }
}
