// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptStore;
import io.bowline.backlog.BacklogLevel;
import io.bowline.backlog.Team;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.Remembers;
import io.bowline.producer.ProducerBuilder;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Backlog;
import io.bowline.transport.Connected;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a consumer and fits them together. */
final class ConsumerAssembly {
  /** How often a claim is looked at within its lease. */
  private static final int EXTENSIONS = 3;

  private final Connected broker;
  private final ConsumerSettings settings;
  private final HandlerSettings handlers;
  private final FlowSettings flow;
  private final HandleObservations observations;

  ConsumerAssembly(
      Connected broker, ConsumerSettings settings, HandlerSettings handlers, FlowSettings flow) {
    this.broker = broker;
    this.settings = settings;
    this.handlers = handlers;
    this.flow = flow;
    this.observations =
        new HandleObservations(
            broker.telemetry(), new HandleContext.Receiver(broker.system(), settings.group()));
  }

  /** A consumer that has not joined its group yet. */
  ReceiveEngine engine(Function<HandleObservations, HandlerCall> made) {
    ParkedKeys parked = parked();
    HandlerCall call = made.apply(observations);
    requireOneByOne(call);
    HandlerThreads threads = threads(call.kind());
    DeadLetters deadLetters = deadLetters(threads);
    Handling handling =
        new Handling(settings.retry(), handlers.failures(), settings.deadLetterTopic() != null);
    SteadyClock clock = broker.machine().clock();
    Gate gate = gate(clock, threads);
    Watchdog watchdog = watchdog(clock, gate);
    ReceiveMeters meters = meters(watchdog);
    meters.age(clock);
    meters.parkedKeys(() -> parked == null ? 0 : parked.size());
    Shed shed = shed(threads);
    BacklogWatch backlog = backlog(gate, shed);
    meters.lag(backlog::messages);
    CallWatch watch =
        new CallWatch(gate, watchdog, meters.calls(), attempts(), claims(threads, meters));
    LineWorker.Rules rules =
        new LineWorker.Rules(
            settings.concurrency(),
            handling,
            deadLetters,
            parked,
            shed,
            broker.machine().random(),
            watch);
    LineWorker worker = new LineWorker(threads, call, rules);
    List<DeadLetters> copies =
        Stream.of(deadLetters, shed == null ? null : shed.parking())
            .flatMap(Stream::ofNullable)
            .toList();
    ReceiveLoop.Crew crew =
        new ReceiveLoop.Crew(
            threads, worker, copies, gate, watchdog, meters, backlog, broker.machine());
    return new ReceiveEngine(broker.transport(), settings, crew);
  }

  /**
   * Fails if a message may come again after it was forgotten.
   *
   * @throws IllegalStateException with the arithmetic
   */
  void requireRemembered(Remembers memory) {
    boolean copies = settings.deadLetterTopic() != null || flow.shedding() != null;
    Window window = handlers.window().kept(broker.retentions().of(settings.topic()));
    WindowRule rule = new WindowRule(settings.retry(), flow.stuckAfter(), window, copies);
    rule.refusal(memory)
        .ifPresent(
            why -> {
              throw new IllegalStateException(who() + " is not started: " + why);
            });
  }

  private Gate gate(SteadyClock clock, HandlerThreads threads) {
    double perSecond = flow.perSecond();
    CircuitBreaker breaker = flow.breaker();
    TokenBucket limit =
        Double.isInfinite(perSecond) ? null : new TokenBucket(perSecond, clock.nanos());
    Circuit circuit = breaker == null ? null : new Circuit(breaker, broker.machine().random());
    Gate.Rules rules = new Gate.Rules(limit, breaker, circuit, handlers.failures());
    return new Gate(who(), rules, clock::nanos, threads::after);
  }

  private Watchdog watchdog(SteadyClock clock, Gate gate) {
    long slowest = SteadyClock.nanos(Duration.ofNanos((long) (2e9 / flow.perSecond())));
    long stuck = Math.max(SteadyClock.nanos(flow.stuckAfter()), slowest);
    return new Watchdog(who(), stuck, clock::nanos, gate);
  }

  private ReceiveMeters meters(Watchdog watchdog) {
    ReceiveMeters meters =
        new ReceiveMeters(broker.telemetry(), settings.group(), settings.topic());
    meters.held(watchdog::heldMessages, watchdog::heldBytes);
    meters.bound(settings.subscription().maxUnsettled(), settings.maxBytes());
    meters.health(watchdog::health);
    return meters;
  }

  private BacklogWatch backlog(Gate gate, @Nullable Shed shed) {
    Supplier<Backlog> question =
        () -> broker.transport().admin().backlog(settings.topic(), settings.group());
    BacklogWatch.Question asked =
        new BacklogWatch.Question(
            who(), settings.topic(), settings.group(), question, flow.lagEvery());
    FlowSettings.Alarm alarm = flow.alarm();
    if (alarm == null) {
      return new BacklogWatch(asked, broker.machine(), null, shed);
    }
    BacklogAlarm told =
        new BacklogAlarm(
            who(),
            alarm.policy(),
            new AlertTeller(alarm.listener(), broker.machine()),
            (owned, lanes) -> team(gate, owned, lanes));
    return new BacklogWatch(asked, broker.machine(), told, shed);
  }

  /** Members are told from the lanes that are this one's alone, if it knows of any. */
  private Team team(Gate gate, int owned, int lanes) {
    Signs.GateSigns signs = gate.signs();
    String heldBack =
        signs.paused() != null
            ? "it is paused"
            : signs.broken() != null ? "its circuit is open" : "";
    int members = owned == 0 ? 0 : Math.max(1, Math.round((float) lanes / owned));
    return new Team(
        settings.concurrency(), members, owned == 0 ? 0 : lanes, flow.perSecond(), heldBack);
  }

  private @Nullable Shed shed(HandlerThreads threads) {
    FlowSettings.Shedding said = flow.shedding();
    return said == null
        ? null
        : new Shed(
            who(),
            said.choice(),
            copies("parking", said.topic(), settings.group() + ".shed", threads),
            new BacklogLevel(said.policy()));
  }

  private String who() {
    return "Consumer " + settings.group() + " of " + settings.topic();
  }

  private @Nullable ParkedKeys parked() {
    if (handlers.maxParkedKeys() == 0) {
      return null;
    }
    requireDeadLetters("parkKey sends the messages of a key after its dead letter");
    return new ParkedKeys(handlers.maxParkedKeys());
  }

  private @Nullable Attempts attempts() {
    AttemptStore store = handlers.attempts();
    if (store == null) {
      return null;
    }
    requireDeadLetters("A message whose counted attempts are used up goes to the dead letters");
    return new Attempts(store, settings.retry(), settings.group());
  }

  private @Nullable Claims claims(HandlerThreads threads, ReceiveMeters meters) {
    DedupeStore store = handlers.dedupe();
    if (store == null) {
      return null;
    }
    Claims claims = new Claims(store, settings.group(), meters.claims(), threads::isStopped);
    threads.everyApart(store.lease().dividedBy(EXTENSIONS), claims::extend);
    return claims;
  }

  /** A batch is all or nothing, but claims of some of its messages may be somebody else's. */
  private void requireOneByOne(HandlerCall call) {
    DedupeStore store = handlers.dedupe();
    if (store != null) {
      requireRemembered(store);
      var unused = Bound.positive("lease of " + store.memory(), store.lease());
      if (call.most() > 1) {
        throw new IllegalStateException(
            who()
                + " is not started: a dedupe store claims messages one by one, and this handler"
                + " takes batches of up to "
                + call.most()
                + ". Take an inbox for batches, or startBatches(1, …)");
      }
    }
  }

  private void requireDeadLetters(String why) {
    if (settings.deadLetterTopic() == null) {
      throw new IllegalStateException(
          why
              + ", but consumer "
              + settings.group()
              + " of "
              + settings.topic()
              + " has no dead letters: add deadLetters(topic)");
    }
  }

  private HandlerThreads threads(HandlerCall.Kind kind) {
    Boolean said = handlers.virtualThreads();
    boolean virtual = said == null ? VirtualThreads.areSafe() : said;
    ThreadFactory threads = virtual ? VirtualThreads.kind().orElseThrow() : Thread::new;
    boolean blocking = kind == HandlerCall.Kind.BLOCKING;
    int most =
        blocking
            ? settings.concurrency()
            : Math.min(settings.concurrency(), ConsumerBuilder.MAX_CALLING_THREADS);
    return new HandlerThreads(broker.machine(), settings.group(), most, threads);
  }

  /** Dead letters are numbered by a source of their own, named after the group. */
  private @Nullable DeadLetters deadLetters(HandlerThreads threads) {
    String topic = settings.deadLetterTopic();
    if (topic == null) {
      return null;
    }
    return copies("dead-letter", topic, settings.group() + ".dead-letters", threads);
  }

  private DeadLetters copies(String kind, String topic, String source, HandlerThreads threads) {
    DeadLetters.Copying copying =
        new DeadLetters.Copying(
            kind, settings.group(), Clock.systemUTC(), observations, threads::execute);
    return new DeadLetters(topic, new ProducerBuilder(broker, source).open(), copying);
  }
}
