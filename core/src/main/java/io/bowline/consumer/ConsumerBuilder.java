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

  private static final double MAX_RATE = 1_000_000;

  /** The default {@link #stuckAfter}: 5 min. */
  public static final Duration DEFAULT_STUCK_AFTER = Duration.ofMinutes(5);

  private final Connected broker;
  private final String topic;
  private final String group;
  private int concurrency = DEFAULT_CONCURRENCY;
  private int maxMessages = DEFAULT_MAX_MESSAGES;
  private long maxBytes = DEFAULT_MAX_BYTES;
  private int maxSpan = SubscriptionSpec.DEFAULT_MAX_SPAN;
  private Retry retry = Retry.attempts(5);
  private @Nullable String deadLetterTopic;
  private @Nullable GapListener gaps;
  private Duration leaveWithin = DEFAULT_LEAVE_WITHIN;
  private Duration stuckAfter = DEFAULT_STUCK_AFTER;
  private @Nullable CircuitBreaker breaker;
  private double perSecond = Double.POSITIVE_INFINITY;

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
   * How far a lane may run ahead of its oldest unsettled message where all since then come again
   * after a crash, as on Kafka: 100,000 messages by default. A lane at the bound is read no further
   * until that message is settled, and other lanes go on. Elsewhere it has no meaning.
   */
  public ConsumerBuilder maxSpan(int messages) {
    this.maxSpan = positive("bound of messages of a lane", messages);
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
   * How long a call of the handler, a poll, or a time without any acknowledgement may last before
   * {@link ReliableConsumer#health} says STUCK, 5 min by default. Nothing is interrupted by it.
   * With a {@link #rateLimit} it is at least the time of two calls.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public ConsumerBuilder stuckAfter(Duration longest) {
    if (longest.isNegative() || longest.isZero()) {
      throw new IllegalArgumentException("stuckAfter is above 0, but it was " + longest);
    }
    this.stuckAfter = longest;
    return this;
  }

  /**
   * The most calls of the handler that begin in a second, of this member, further tries of a
   * message included; no limit by default. What was not used is kept for later up to a burst: the
   * calls of a tenth of a second, but at least one. So in any span there are at most its share of
   * the rate, plus one burst. Messages that wait for their turn wait in the order of their coming,
   * without a thread, and count as in memory.
   *
   * @throws IllegalArgumentException unless it is above 0 and at most a million
   */
  public ConsumerBuilder rateLimit(double perSecond) {
    if (!(perSecond > 0 && perSecond <= MAX_RATE)) {
      throw new IllegalArgumentException(
          "A rate limit is above 0 and at most 1,000,000 a second, but it was " + perSecond);
    }
    this.perSecond = perSecond;
    return this;
  }

  /**
   * Holds all messages back while what the handler depends on fails; off by default. While the
   * circuit is open no attempt of a message is spent: no handler is called but one at a time to
   * probe, whose failure is not held against its message, and what arrives waits in memory, within
   * its bounds. Choose more failures than a message has attempts, or one bad message alone opens
   * it.
   */
  public ConsumerBuilder circuitBreaker(CircuitBreaker rule) {
    this.breaker = Objects.requireNonNull(rule);
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
            new SubscriptionSpec(topic, group, maxMessages, maxSpan),
            concurrency,
            maxBytes,
            retry,
            deadLetterTopic,
            gaps,
            leaveWithin);
    Handling handling = new Handling(retry, deadLetterTopic != null);
    HandlerThreads threads = new HandlerThreads(broker.machine(), group, concurrency);
    HandleObservations observations =
        new HandleObservations(
            broker.telemetry(), new HandleContext.Receiver(broker.system(), group));
    DeadLetters deadLetters = deadLetters(observations, threads);
    SteadyClock clock = broker.machine().clock();
    Gate gate = gate(clock, threads);
    Watchdog watchdog = watchdog(clock, gate);
    ReceiveMeters meters = meters(watchdog);
    CallWatch watch = new CallWatch(gate, watchdog, meters.calls());
    LineWorker worker =
        new LineWorker(
            threads,
            observations.around(handler),
            new LineWorker.Rules(handling, deadLetters, broker.machine().random(), watch));
    ReceiveLoop.Crew crew =
        new ReceiveLoop.Crew(
            threads, worker, deadLetters, gate, watchdog, meters, broker.machine());
    ReceiveEngine consumer = new ReceiveEngine(broker.transport(), settings, crew);
    consumer.start();
    broker.opened().accept(consumer);
    return consumer;
  }

  private Gate gate(SteadyClock clock, HandlerThreads threads) {
    TokenBucket limit =
        Double.isInfinite(perSecond) ? null : new TokenBucket(perSecond, clock.nanos());
    Circuit circuit = breaker == null ? null : new Circuit(breaker, broker.machine().random());
    Gate.Rules rules = new Gate.Rules(limit, breaker, circuit);
    return new Gate(who(), rules, clock::nanos, threads::after);
  }

  private Watchdog watchdog(SteadyClock clock, Gate gate) {
    long slowest = SteadyClock.nanos(Duration.ofNanos((long) (2e9 / perSecond)));
    long stuck = Math.max(SteadyClock.nanos(stuckAfter), slowest);
    return new Watchdog(who(), stuck, clock::nanos, gate);
  }

  private ReceiveMeters meters(Watchdog watchdog) {
    ReceiveMeters meters = new ReceiveMeters(broker.telemetry(), group, topic);
    meters.held(watchdog::heldMessages, watchdog::heldBytes);
    meters.bound(maxMessages, maxBytes);
    meters.health(watchdog::health);
    return meters;
  }

  private String who() {
    return "Consumer " + group + " of " + topic;
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
