// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.id.MessageIds;
import io.bowline.id.UuidV7Ids;
import io.bowline.message.Names;
import io.bowline.producer.ProducerSettings.SentTo;
import io.bowline.producer.ProducerSettings.Window;
import io.bowline.producer.ProducerSettings.Writing;
import io.bowline.report.SentLog;
import io.bowline.retry.Retry;
import io.bowline.sequence.KeySequences;
import io.bowline.transport.Connected;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  private static final Duration SHORTEST_PACE = Duration.ofMillis(10);
  private static final Duration LONGEST_PACE = Duration.ofHours(1);

  private final Connected broker;
  private final String source;
  private MessageIds ids = UuidV7Ids.system();
  private Retry retry = Retry.forever().backoff(Duration.ofMillis(50), Duration.ofSeconds(5));
  private Duration deadline = DEFAULT_DEADLINE;
  private Duration maxBlock = DEFAULT_MAX_BLOCK;
  private Window window = new Window(DEFAULT_WINDOW_MESSAGES, DEFAULT_WINDOW_BYTES);
  private Order order = Order.STRICT;
  private Duration watermarks = Duration.ZERO;
  private EpochStore epochs = new RecentEpochs();
  private @Nullable SentTo sent;
  private @Nullable KeySequences sequences;

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

  /**
   * Where ids of messages that have none come from; UUIDs of version 7 by default. If none can be
   * drawn, the send is REJECTED. Ids that are closed must be closed after the producer.
   */
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

  /**
   * The longest that {@code send} waits: for its id, for room in the window, and for the number of
   * its key if a store hands it out; 10 s by default.
   */
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
   * Writes watermarks into the lanes that it sends to, so that consumers miss the last messages of
   * a lane too, and hear of a producer that falls silent without having been closed. Off by
   * default, since other readers of the topic see them: records without key and body that have
   * header {@value io.bowline.message.Watermark#HEADER}. Bowline's own consumers of this version or
   * later pass them over; update those first. A compacted topic of Kafka refuses them.
   *
   * @param every how often a lane with news is marked, 10 s is usual; one without news at each
   *     third time
   * @throws IllegalArgumentException unless it is from 10 ms to 1 h
   */
  public ProducerBuilder watermarks(Duration every) {
    this.watermarks = paced("Watermarks are", every);
    return this;
  }

  /**
   * Writes down how much was sent to each lane, for {@linkplain io.bowline.report.GapReport
   * reports} that ask a group for it; nowhere by default. While that fails messages go on, and the
   * next time says all of it.
   *
   * @param every how often, where there are news; 10 s is usual
   * @throws IllegalArgumentException unless it is from 10 ms to 1 h
   */
  public ProducerBuilder sentLog(SentLog log, Duration every) {
    this.sent = new SentTo(Objects.requireNonNull(log), paced("What was sent is", every));
    return this;
  }

  /**
   * Has the numbers of keys drawn from a store, so that they go on after a restart, and all
   * producers of this source count together; by default each producer counts in memory, from 1. It
   * costs an answer of the store for each {@code send}, and for each {@code sendAll}. If none can
   * be drawn the send is REJECTED. What that is good for, and what it is not, is in {@code
   * docs/key-sequences.md}. To be closed after the producer, if at all.
   */
  public ProducerBuilder keySequences(KeySequences sequences) {
    this.sequences = Objects.requireNonNull(sequences);
    return this;
  }

  private static Duration paced(String what, Duration every) {
    if (every.compareTo(SHORTEST_PACE) < 0 || every.compareTo(LONGEST_PACE) > 0) {
      throw new IllegalArgumentException(
          what
              + " written every "
              + SHORTEST_PACE
              + " to "
              + LONGEST_PACE
              + ", but it was "
              + every);
    }
    return every;
  }

  /**
   * Remembers epochs, so that this producer says which one it follows, and consumers know it for a
   * restart, and what that one sends later for a zombie's. By default those of producers that the
   * same {@code Bowline} opened and that were closed are known; an {@link EpochFolder} remembers
   * through crashes and restarts.
   */
  public ProducerBuilder epochs(EpochStore epochs) {
    this.epochs = Objects.requireNonNull(epochs);
    return this;
  }

  /**
   * Starts the producer, under a new epoch.
   *
   * @throws RuntimeException if the {@link #epochs} cannot be remembered
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
        new ProducerSettings(
            source,
            ids,
            retry,
            deadline,
            confirmTimeout,
            maxBlock,
            window,
            new Writing(order, watermarks, sent, sequences));
    Incarnation life = Incarnation.begin(source, epochs, broker.machine());
    ReliableProducer producer = new SendEngine(broker, settings, life);
    broker.opened().accept(producer);
    return producer;
  }
}
