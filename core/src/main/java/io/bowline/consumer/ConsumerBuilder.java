// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptStore;
import io.bowline.backlog.BacklogListener;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.Remembers;
import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Received;
import io.bowline.report.SentLog;
import io.bowline.retry.Retry;
import io.bowline.transport.Connected;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

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

  /** The default {@link #stuckAfter}: 5 min. */
  public static final Duration DEFAULT_STUCK_AFTER = Duration.ofMinutes(5);

  /** The default {@link #lagEvery}: 30 s. */
  public static final Duration DEFAULT_LAG_EVERY = Duration.ofSeconds(30);

  /** The default of {@link #parkKey(int)}: 10,000 keys. */
  public static final int DEFAULT_MAX_PARKED_KEYS = 10_000;

  /** The most threads that call a handler of {@link #startAsync}: 16. */
  public static final int MAX_CALLING_THREADS = 16;

  /** The default {@link #redeliveredFor}: 7 days, for which Kafka keeps a message by default. */
  public static final Duration DEFAULT_REDELIVERED_FOR = Duration.ofDays(7);

  /** The default {@link #replayedFor}: 7 days. */
  public static final Duration DEFAULT_REPLAYED_FOR = Duration.ofDays(7);

  private final Connected broker;
  private ConsumerSettings settings;
  private HandlerSettings handlers = HandlerSettings.STANDARD;
  private FlowSettings flow = FlowSettings.STANDARD;

  /**
   * A builder over an open transport; users get one from {@code Bowline.consumer(topic, group)}.
   *
   * @throws IllegalArgumentException if topic or group is blank
   */
  public ConsumerBuilder(Connected broker, String topic, String group) {
    this.broker = broker;
    this.settings = ConsumerSettings.standard(topic, group);
  }

  /** How many messages are at work at once, 16 by default: at most one of each key. */
  public ConsumerBuilder concurrency(int handlers) {
    this.settings = settings.concurrency(Bound.positive("concurrency", handlers));
    return this;
  }

  /**
   * Whether handlers run on virtual threads, up to {@link #concurrency} at once as ever. By default
   * they do from JDK 24 on, where one that blocks holds no thread of the machine. Say {@code false}
   * for handlers that compute for long without blocking, since virtual threads share few threads.
   *
   * @throws IllegalStateException if true, and this JVM has none: they need JDK 21
   */
  public ConsumerBuilder virtualThreads(boolean on) {
    this.handlers = handlers.virtualThreads(on);
    return this;
  }

  /**
   * What may be in memory, arrived but not settled: messages (1,000 by default) and bytes of their
   * bodies (64 MiB by default). At the bound nothing more is polled. One poll may pass the bytes,
   * by a body that is larger than any seen of late.
   */
  public ConsumerBuilder maxInMemory(int messages, long bytes) {
    this.settings =
        settings
            .maxMessages(Bound.positive("bound of messages", messages))
            .maxBytes(Bound.positive("bound of bytes", bytes));
    return this;
  }

  /**
   * How far a lane may run ahead of its oldest unsettled message where all since then come again
   * after a crash, as on Kafka: 100,000 messages by default. A lane at the bound is read no further
   * until that message is settled, and other lanes go on. Elsewhere it has no meaning.
   */
  public ConsumerBuilder maxSpan(int messages) {
    this.settings = settings.maxSpan(Bound.positive("bound of messages of a lane", messages));
    return this;
  }

  /**
   * How often a message is tried whose handler throws, 5 times by default, after 100 ms to 30 s. It
   * is tried in place: later messages of its key wait, other keys go on.
   */
  public ConsumerBuilder retry(Retry retry) {
    this.settings = settings.retry(Objects.requireNonNull(retry));
    return this;
  }

  /**
   * What no further try can mend, subclasses included: such a message is not tried again, as if its
   * handler threw {@link Unprocessable}. Of all classes named here and in {@link #retryable} the
   * nearest to the thrown one decides. A wrapper such as {@link
   * java.util.concurrent.CompletionException} stands for its cause. By default only {@link
   * Unprocessable} and {@link io.bowline.message.Undecodable} are fatal.
   *
   * @throws IllegalArgumentException if no class is named, or one that was said to be retryable
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, and nothing is written to it
  public final ConsumerBuilder fatal(Class<? extends Throwable>... types) {
    this.handlers = handlers.failures(handlers.failures().with(true, List.of(types)));
    return this;
  }

  /**
   * What is tried again, subclasses included: an exception to a wider class of {@link #fatal}. To
   * try nothing else again, say {@code fatal(Throwable.class).retryable(IOException.class)}.
   *
   * @throws IllegalArgumentException if no class is named, or one that is fatal
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, and nothing is written to it
  public final ConsumerBuilder retryable(Class<? extends Throwable>... types) {
    this.handlers = handlers.failures(handlers.failures().with(false, List.of(types)));
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
    this.settings =
        settings.deadLetterTopic(Bound.otherTopic("dead-letter topic", settings.topic(), topic));
    return this;
  }

  /** As {@link #parkKey(int)} with {@link #DEFAULT_MAX_PARKED_KEYS}. */
  public ConsumerBuilder parkKey() {
    return parkKey(DEFAULT_MAX_PARKED_KEYS);
  }

  /**
   * Once a message is dead-lettered, the later ones of its key follow it there, in order and
   * unhandled, each confirmed and then acknowledged, until {@link ReliableConsumer#unpark}. Off by
   * default; needs {@link #deadLetters}. Parked keys are kept in memory, by this member alone: a
   * restart and another member that gets the lane know nothing of them. Beyond the bound a message
   * that fails for good is held with its key instead.
   *
   * @param most how many keys can be parked at once, 10,000 by default
   */
  public ConsumerBuilder parkKey(int most) {
    this.handlers = handlers.maxParkedKeys(Bound.positive("bound of parked keys", most));
    return this;
  }

  /**
   * Has each attempt counted by this store before the handler is called, so that the limit of
   * {@link #retry} holds across crashes; off by default. While the store fails no handler is
   * called. Needs {@link #deadLetters}.
   */
  public ConsumerBuilder attempts(AttemptStore store) {
    this.handlers = handlers.attempts(Objects.requireNonNull(store));
    return this;
  }

  /**
   * Has each message claimed in this store before its handler is called, and remembered once it
   * ended well, before it is acknowledged: one that comes again is acknowledged unhandled, and one
   * that somebody else is at work on waits. Off by default. Best effort: a crash between effect and
   * store lets it take effect again. While the store fails, no handler is called and nothing is
   * acknowledged. Not for batches.
   */
  public ConsumerBuilder dedupe(DedupeStore store) {
    this.handlers = handlers.dedupe(Objects.requireNonNull(store));
    return this;
  }

  /**
   * How long after its effect a message may still be delivered by the broker, or be sent once more
   * by its producer: 7 days by default. It comes again if its acknowledgement was lost, and members
   * may be away meanwhile, so it is what the broker keeps messages for. A handler, or a {@link
   * #dedupe} store, that {@link Remembers} for less is refused at the start. If an audit of the
   * topic read that it is kept for longer, that counts.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public ConsumerBuilder redeliveredFor(Duration longest) {
    Duration checked = Bound.positive("redeliveredFor", longest);
    this.handlers = handlers.window(handlers.window().redelivered(checked));
    return this;
  }

  /**
   * How long after its effect a copy of a message may be replayed from the dead letters, or from
   * where it was shed to: 7 days by default. It adds to {@link #redeliveredFor}, and counts only if
   * the consumer makes such copies; 0 if nothing is ever replayed.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ConsumerBuilder replayedFor(Duration longest) {
    Duration checked = Bound.notNegative("replayedFor", longest);
    this.handlers = handlers.window(handlers.window().replayed(checked));
    return this;
  }

  /**
   * Hears of missing numbers; each gap is also logged at WARN. Where the broker shares lanes among
   * members without telling them (see the page of the transport) there are none to hear of, which a
   * WARN says at the start.
   */
  public ConsumerBuilder onGap(GapListener listener) {
    this.settings = settings.onGap(Objects.requireNonNull(listener));
    return this;
  }

  /**
   * Where what the group completed is kept, before it is acknowledged: losses around a restart or a
   * rebalance are seen too. Nowhere by default. All members use one store, from the first day on.
   * While it fails nothing is acknowledged.
   */
  public ConsumerBuilder gapStore(GapStore store) {
    this.settings = settings.gapStore(Objects.requireNonNull(store));
    return this;
  }

  /**
   * Writes down what the watermarks that arrive say that their producers sent, for reports; nowhere
   * by default. For producers that cannot write it themselves; both may. While that fails messages
   * go on.
   */
  public ConsumerBuilder sentLog(SentLog log) {
    this.settings = settings.sentLog(Objects.requireNonNull(log));
    return this;
  }

  /**
   * How long a lane that must go to another member waits for the handlers at work on it, 10 s by
   * default. What has not ended by then is done again by the other member.
   */
  public ConsumerBuilder leaveWithin(Duration longest) {
    this.settings = settings.leaveWithin(Objects.requireNonNull(longest));
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
    this.flow = flow.stuckAfter(Bound.positive("stuckAfter", longest));
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
    this.flow = flow.perSecond(Bound.rate(perSecond));
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
    this.flow = flow.breaker(Objects.requireNonNull(rule));
    return this;
  }

  /**
   * How long from one look at the backlog to the next, 30 s by default: for {@link #onBacklog},
   * {@link #shed}, {@link ReliableConsumer#backlog} and the figure {@code bowline.consumer.lag}.
   */
  public ConsumerBuilder lagEvery(Duration period) {
    this.flow = flow.lagEvery(Bound.positive("lagEvery", period));
    return this;
  }

  /**
   * Tells when the backlog becomes high, and when it is low again, once per crossing, with advice
   * on what would drain it, and logs it. Off by default. Each member tells for itself.
   */
  public ConsumerBuilder onBacklog(BacklogPolicy policy, BacklogListener listener) {
    this.flow = flow.alarm(new FlowSettings.Alarm(policy, listener));
    return this;
  }

  /**
   * While the backlog is high, diverts the messages that can wait to a parking topic: a copy with
   * the reason in headers, and once it is confirmed the original is acknowledged. If it is not, the
   * original is handled. Off by default. A replay of the parking topic brings them back. Choose by
   * the key alone: later messages of a key do not wait for one that was shed.
   *
   * @param choice what can wait; asked by handler threads. If it throws the message is handled
   * @param to the parking topic, which must exist
   * @throws IllegalArgumentException if that is blank or the topic that is consumed
   */
  public ConsumerBuilder shed(BacklogPolicy policy, Predicate<Received> choice, String to) {
    String topic = Bound.otherTopic("parking topic", settings.topic(), to);
    this.flow = flow.shedding(new FlowSettings.Shedding(policy, choice, topic));
    return this;
  }

  /**
   * Joins the group and begins.
   *
   * @throws IllegalStateException if two settings contradict each other, or the handler or dedupe
   *     store {@link Remembers} messages for less than they may come again
   * @throws TransportException if the topic, or one that copies go to, does not exist, or the group
   *     cannot be joined
   */
  public ReliableConsumer start(Handler handler) {
    Objects.requireNonNull(handler);
    return join(handler, observations -> HandlerCall.blocking(observations.around(handler)));
  }

  /**
   * As {@link #start(Handler)}, for a handler that returns before its work is done. {@link
   * #concurrency} bounds the open stages; calls share {@value #MAX_CALLING_THREADS} threads at
   * most.
   *
   * @throws TransportException as {@link #start(Handler)} does
   */
  public ReliableConsumer startAsync(AsyncHandler handler) {
    Objects.requireNonNull(handler);
    return join(handler, observations -> HandlerCall.stages(observations.aroundAsync(handler)));
  }

  /**
   * As {@link #start(Handler)}, for a handler of batches: messages of one key in its order, or
   * messages of one lane without key, as many as are there, and at most so many. No batch is waited
   * for until it is full.
   *
   * @throws IllegalArgumentException unless {@code most} is at least 1
   * @throws TransportException as {@link #start(Handler)} does
   */
  public ReliableConsumer startBatches(int most, BatchHandler handler) {
    int size = Bound.positive("size of batches", most);
    Objects.requireNonNull(handler);
    return join(
        handler, observations -> HandlerCall.batches(size, observations.aroundBatches(handler)));
  }

  private ReliableConsumer join(Object handler, Function<HandleObservations, HandlerCall> call) {
    ConsumerAssembly assembly = new ConsumerAssembly(broker, settings, handlers, flow);
    if (handler instanceof Remembers memory) {
      assembly.requireRemembered(memory);
    }
    ReceiveEngine consumer = assembly.engine(call);
    consumer.start();
    broker.opened().accept(consumer);
    return consumer;
  }
}
