// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.id.MessageIds;
import io.bowline.id.UuidV7Ids;
import io.bowline.message.Names;
import io.bowline.producer.ProducerSettings.Window;
import io.bowline.retry.Retry;
import io.bowline.transport.Connected;
import java.time.Duration;
import java.util.Objects;

/** Settings of a producer, each with a safe default. Not thread-safe. */
public final class ProducerBuilder {
  /** The default {@link #deadline}: 2 min. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(2);

  /** The default {@link #maxBlock}: 10 s. */
  public static final Duration DEFAULT_MAX_BLOCK = Duration.ofSeconds(10);

  /** The default {@link #window} in messages. */
  public static final int DEFAULT_WINDOW_MESSAGES = 10_000;

  /** The default {@link #window} in bytes of bodies: 16 MiB. */
  public static final long DEFAULT_WINDOW_BYTES = 16L << 20;

  private final Connected broker;
  private final String source;
  private MessageIds ids = UuidV7Ids.system();
  private Retry retry = Retry.forever().backoff(Duration.ofMillis(50), Duration.ofSeconds(5));
  private Duration deadline = DEFAULT_DEADLINE;
  private Duration maxBlock = DEFAULT_MAX_BLOCK;
  private Window window = new Window(DEFAULT_WINDOW_MESSAGES, DEFAULT_WINDOW_BYTES);
  private Order order = Order.STRICT;

  /**
   * A builder over an open transport; users get one from {@code Bowline.producer(source)}.
   *
   * @param source the producer's stable name
   * @throws IllegalArgumentException if the source is blank
   */
  public ProducerBuilder(Connected broker, String source) {
    this.broker = broker;
    this.source = Names.required("source", source);
  }

  /** Where ids come from; UUIDs of version 7 by default. */
  public ProducerBuilder ids(MessageIds ids) {
    this.ids = Objects.requireNonNull(ids);
    return this;
  }

  /**
   * How a send that was not confirmed is tried again, always under the same id and number. By
   * default as often as fits before the deadline, after 50 ms to 5 s. A refused message is never
   * tried again.
   */
  public ProducerBuilder retry(Retry retry) {
    this.retry = Objects.requireNonNull(retry);
    return this;
  }

  /**
   * The longest from the return of {@code send} to its outcome, 2 min by default; not less than the
   * transport's confirm timeout, since a try must be able to end. No try begins that might not.
   */
  public ProducerBuilder deadline(Duration deadline) {
    this.deadline = Objects.requireNonNull(deadline);
    return this;
  }

  /** The longest that {@code send} waits for room in the window; 10 s by default. */
  public ProducerBuilder maxBlock(Duration longest) {
    this.maxBlock = Objects.requireNonNull(longest);
    return this;
  }

  /**
   * What may be unresolved at once: messages (10,000 by default) and bytes of their bodies (16 MiB
   * by default). One message larger than that passes alone.
   *
   * @throws IllegalArgumentException unless the bounds are from 1 to 8,388,607 messages and half a
   *     tebibyte
   */
  public ProducerBuilder window(int messages, long bytes) {
    if (messages < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "A window holds at least 1 message and 1 byte, but it was " + messages + " and " + bytes);
    }
    if (messages > SendWindow.MOST_MESSAGES || bytes > SendWindow.MOST_BYTES) {
      throw new IllegalArgumentException(
          "A window holds at most "
              + SendWindow.MOST_MESSAGES
              + " messages and "
              + SendWindow.MOST_BYTES
              + " bytes, but it was "
              + messages
              + " and "
              + bytes);
    }
    this.window = new Window(messages, bytes);
    return this;
  }

  /** How the messages of one key keep their order: {@link Order#STRICT} by default. */
  public ProducerBuilder order(Order order) {
    this.order = Objects.requireNonNull(order);
    return this;
  }

  /**
   * Starts the producer, under a new epoch.
   *
   * @throws IllegalArgumentException if the deadline is shorter than the confirm timeout
   */
  public ReliableProducer open() {
    Duration confirmTimeout = broker.config().confirmTimeout();
    if (deadline.compareTo(confirmTimeout) < 0) {
      throw new IllegalArgumentException(
          "The deadline of a send, "
              + deadline
              + ", is shorter than the confirm timeout of a try, "
              + confirmTimeout
              + ": lengthen the one or shorten the other");
    }
    ProducerSettings settings =
        new ProducerSettings(source, ids, retry, deadline, confirmTimeout, maxBlock, window, order);
    ReliableProducer producer = new SendEngine(broker, settings);
    broker.opened().accept(producer);
    return producer;
  }
}
