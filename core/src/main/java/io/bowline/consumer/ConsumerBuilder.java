// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapListener;
import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Names;
import io.bowline.producer.ProducerBuilder;
import io.bowline.retry.Retry;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Connected;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a consumer, each with a safe default. Not thread-safe. */
public final class ConsumerBuilder {
  /** The default {@link #concurrency}: 16 handler threads. */
  public static final int DEFAULT_CONCURRENCY = 16;

  /** The default {@link #maxInMemory} in messages. */
  public static final int DEFAULT_MAX_MESSAGES = 1_000;

  /** The default {@link #maxInMemory} in bytes of bodies: 64 MiB. */
  public static final long DEFAULT_MAX_BYTES = 64L << 20;

  /** The default {@link #leaveWithin}: 10 s. */
  public static final Duration DEFAULT_LEAVE_WITHIN = Duration.ofSeconds(10);

  private final Connected broker;
  private final String topic;
  private final String group;
  private int concurrency = DEFAULT_CONCURRENCY;
  private int maxMessages = DEFAULT_MAX_MESSAGES;
  private long maxBytes = DEFAULT_MAX_BYTES;
  private Retry retry = Retry.attempts(5);
  private @Nullable String deadLetterTopic;
  private @Nullable GapListener gaps;
  private Duration leaveWithin = DEFAULT_LEAVE_WITHIN;

  /**
   * A builder over an open transport; users get one from {@code Bowline.consumer(topic, group)}.
   *
   * @throws IllegalArgumentException if topic or group is blank
   */
  public ConsumerBuilder(Connected broker, String topic, String group) {
    this.broker = broker;
    this.topic = Names.required("topic", topic);
    this.group = Names.required("group", group);
  }

  /** How many handlers run at once, 16 by default: at most one of each key. */
  public ConsumerBuilder concurrency(int handlers) {
    this.concurrency = positive("concurrency", handlers);
    return this;
  }

  /**
   * What may be in memory, arrived but not settled: messages (1,000 by default) and bytes of their
   * bodies (64 MiB by default). At the bound nothing more is polled. One poll may pass the bytes,
   * by a body that is larger than any seen of late.
   */
  public ConsumerBuilder maxInMemory(int messages, long bytes) {
    this.maxMessages = positive("bound of messages", messages);
    this.maxBytes = positive("bound of bytes", bytes);
    return this;
  }

  /**
   * How often a message is tried whose handler throws, 5 times by default, after 100 ms to 30 s. It
   * is tried in place: later messages of its key wait, other keys go on.
   */
  public ConsumerBuilder retry(Retry retry) {
    this.retry = Objects.requireNonNull(retry);
    return this;
  }

  /**
   * Where a message goes that failed for good: a copy with the reason in headers, those of {@link
   * DeadLetterHeaders}. It is acknowledged only after the copy was confirmed. Without a dead-letter
   * topic such a message is kept, with its key, and tried again at the longest back-off for ever.
   *
   * @throws IllegalArgumentException if the topic is blank or the one that is consumed
   */
  public ConsumerBuilder deadLetters(String topic) {
    if (Names.required("dead-letter topic", topic).equals(this.topic)) {
      throw new IllegalArgumentException(
          "Dead letters of " + topic + " cannot go to " + topic + " itself: they would come back");
    }
    this.deadLetterTopic = topic;
    return this;
  }

  /**
   * Hears of missing numbers; each gap is also logged at WARN. Where the broker shares lanes among
   * members without telling them (see the page of the transport) there are none to hear of, which a
   * WARN says at the start.
   */
  public ConsumerBuilder onGap(GapListener listener) {
    this.gaps = Objects.requireNonNull(listener);
    return this;
  }

  /**
   * How long a lane that must go to another member waits for the handlers at work on it, 10 s by
   * default. What has not ended by then is done again by the other member.
   */
  public ConsumerBuilder leaveWithin(Duration longest) {
    this.leaveWithin = Objects.requireNonNull(longest);
    return this;
  }

  /**
   * Joins the group and begins.
   *
   * @throws TransportException if the topic or the dead-letter topic does not exist, or the group
   *     cannot be joined
   */
  public ReliableConsumer start(Handler handler) {
    Objects.requireNonNull(handler);
    ConsumerSettings settings =
        new ConsumerSettings(
            new SubscriptionSpec(topic, group, maxMessages),
            concurrency,
            maxBytes,
            retry,
            deadLetterTopic,
            gaps,
            leaveWithin);
    Handling handling = new Handling(retry, deadLetterTopic != null);
    HandlerThreads threads = new HandlerThreads(group, concurrency);
    HandleObservations observations =
        new HandleObservations(
            broker.telemetry(), new HandleContext.Receiver(broker.system(), group));
    DeadLetters deadLetters = deadLetters(observations, threads);
    LineWorker worker =
        new LineWorker(
            threads,
            observations.around(handler),
            new LineWorker.Rules(handling, deadLetters, new SecureRandom()));
    ReceiveLoop.Crew crew =
        new ReceiveLoop.Crew(threads, worker, deadLetters, new SteadyClock(Clock.systemUTC()));
    ReceiveEngine consumer = new ReceiveEngine(broker.transport(), settings, crew);
    consumer.start();
    broker.opened().accept(consumer);
    return consumer;
  }

  /** Dead letters are numbered by a source of their own, named after the group. */
  private @Nullable DeadLetters deadLetters(
      HandleObservations observations, HandlerThreads threads) {
    if (deadLetterTopic == null) {
      return null;
    }
    ProducerBuilder producer = new ProducerBuilder(broker, group + ".dead-letters");
    DeadLetters.Copying copying =
        new DeadLetters.Copying(group, Clock.systemUTC(), observations, threads::execute);
    return new DeadLetters(deadLetterTopic, producer.open(), copying);
  }

  private static int positive(String what, int value) {
    return (int) positive(what, (long) value);
  }

  private static long positive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("A " + what + " is at least 1, but it was " + value);
    }
    return value;
  }
}
