// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.Names;
import io.bowline.producer.Entrance.Sights;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Connected;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer as its users see it: lets messages in, and waits for them at the end. It decides
 * nothing. A caller's future completes on a thread of its own, so that what is chained to it holds
 * up no message.
 */
final class SendEngine implements ReliableProducer {
  private static final Logger log = LoggerFactory.getLogger(SendEngine.class);
  private static final String INTERRUPTED =
      "its thread was interrupted before the message was handed over";

  /** How often overdue sends are looked for. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a closing waits for outcomes that are just being written down. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ProducerSettings settings;
  private final SteadyClock clock;
  private final SendThreads threads;
  private final SendMeters meters;
  private final SendObservations observations;
  private final Entrance entrance;
  private final SendAccounts accounts;
  private final TopicLanes topics;
  private final AtomicBoolean watching = new AtomicBoolean();
  private volatile boolean abandoning;

  SendEngine(Connected broker, ProducerSettings settings) {
    this.settings = settings;
    clock = broker.machine().clock();
    threads = new SendThreads(broker.machine(), settings.source());
    meters = new SendMeters(broker.telemetry(), settings.source());
    observations =
        new SendObservations(
            broker.telemetry(), new SendContext.Sender(broker.system(), settings.source()));
    SendWindow window = new SendWindow(settings.window());
    meters.inFlight(window::messages, window::bytes);
    meters.window(settings.window().messages(), settings.window().bytes());
    entrance = new Entrance(new Sights(broker.state(), window, clock), settings, meters);
    accounts =
        new SendAccounts(
            window, new Runs<>(threads.completions(), PendingSend::complete), clock, meters);
    // 43 bits of milliseconds above 20 random ones: later ones are greater, and two are not equal.
    RandomGenerator random = broker.machine().random();
    long epoch = (clock.millis() << 20) | random.nextInt(1 << 20);
    Transport transport = broker.transport();
    HandOver handOver =
        new HandOver(
            new HandOver.To(transport, clock, random),
            new Stamping(settings.source(), epoch),
            accounts,
            threads);
    boolean pipelined = settings.order() == Order.PIPELINED && transport.keepsPipelinedOrder();
    topics = new TopicLanes(transport, handOver, threads, pipelined ? Integer.MAX_VALUE : 1);
    log.info("Producer {} opened, epoch {}", settings.source(), Long.toHexString(epoch));
  }

  @Override
  public CompletableFuture<Receipt> send(Message message) {
    PendingSend send = pending(message);
    boolean unused = enter(send, clock.nanos());
    return send.future;
  }

  @Override
  public CompletableFuture<BatchResult> sendAll(List<Message> messages) {
    List<PendingSend> sends = messages.stream().map(this::pending).toList();
    long start = clock.nanos();
    boolean room = true;
    for (PendingSend send : sends) {
      room =
          room
              ? enter(send, start)
              : notEntered(send, "an earlier message of its batch could not be taken");
    }
    return CompletableFuture.allOf(futures(sends))
        .handle((done, failure) -> new BatchResult(results(sends)));
  }

  private static CompletableFuture<?>[] futures(List<PendingSend> sends) {
    return sends.stream().map(send -> send.future).toArray(CompletableFuture<?>[]::new);
  }

  private static List<SendResult> results(List<PendingSend> sends) {
    return sends.stream().map(PendingSend::result).toList();
  }

  private PendingSend pending(Message message) {
    String own = message.id().orElse(null);
    String id = own == null ? Names.required("message id", settings.ids().next()) : own;
    Sending decisions = new Sending(settings.retry(), settings.lastTryNanos());
    SendObservation observation = observations.on() ? observations.begin(message.id(id)) : null;
    Message sent = observation == null ? message : observation.message();
    return new PendingSend(sent, id, decisions, clock.nanos()).observed(observation);
  }

  /** Takes a message, or rejects it; false if it was rejected before it entered. */
  private boolean enter(PendingSend send, long start) {
    String refusal;
    try {
      refusal = entrance.enter(send.size(), start);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      refusal = INTERRUPTED;
    }
    if (refusal != null) {
      return notEntered(send, refusal);
    }
    accounts.unresolved.add(send);
    watch();
    if (abandoning) {
      abandon(send);
    } else {
      toLane(send, start);
    }
    return true;
  }

  private boolean notEntered(PendingSend send, String why) {
    accounts.notEntered(send, send.failure(Outcome.REJECTED, why, null));
    return false;
  }

  private void toLane(PendingSend send, long start) {
    try {
      LaneSender known = topics.known(send);
      (known == null ? topics.find(send, entrance.left(start)) : known).offer(send);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      reject(send, INTERRUPTED, null);
    } catch (TransportException unreachable) {
      reject(send, "its topic could not be looked up", unreachable);
    }
  }

  private void reject(PendingSend send, String why, @Nullable Throwable cause) {
    boolean unused = accounts.failed(send, send.failure(Outcome.REJECTED, why, cause));
  }

  /** Looks now and then for sends that a transport forgot, while any are unresolved. */
  private void watch() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      threads.after(LOOK_AGAIN_NANOS, this::look);
    }
  }

  private void look() {
    long overdue = SteadyClock.nanos(settings.confirmTimeout().multipliedBy(3).dividedBy(2));
    long begunBefore = clock.nanos() - overdue;
    for (PendingSend send : accounts.open()) {
      LaneSender lane = send.lane;
      if (lane != null) {
        lane.giveUpOverdue(send, begunBefore);
      }
    }
    watching.set(false);
    if (accounts.window.messages() > 0) {
      watch();
    }
  }

  @Override
  public List<String> flush(Duration timeout) {
    List<PendingSend> open = accounts.open();
    try {
      var unused =
          CompletableFuture.allOf(futures(open))
              .get(SteadyClock.nanos(timeout), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException unconfirmed) {
      log.debug("A flush ended with sends that are not confirmed", unconfirmed);
    }
    return open.stream().filter(send -> send.unresolved).map(send -> send.id).toList();
  }

  @Override
  public void close() {
    var unused = close(settings.deadline());
  }

  @Override
  public SendReport close(Duration timeout) {
    accounts.window.close();
    Set<PendingSend> closing = new LinkedHashSet<>(accounts.open());
    boolean all = accounts.window.awaitEmpty(timeout);
    abandoning = true; // before the look at what is unresolved: what comes later sees this
    List<PendingSend> rest = accounts.open();
    closing.addAll(rest);
    rest.forEach(this::abandon);
    topics.close();
    boolean unused = all || accounts.window.awaitEmpty(LAST_WORDS);
    SendReport report = accounts.report(results(List.copyOf(closing)));
    if (threads.close(TimeUnit.SECONDS.toNanos(5))) {
      meters.close();
      logClosed(report, rest.size());
    }
    return report;
  }

  private void logClosed(SendReport report, int abandoned) {
    log.info(
        "Producer {} closed: {} confirmed, {} rejected, {} unknown; {} of them given up by closing",
        settings.source(),
        report.confirmed(),
        report.rejected(),
        report.unknown(),
        abandoned);
  }

  /** Resolves first and then asks what it was: so its lane cannot hand it over in between. */
  private void abandon(PendingSend send) {
    if (accounts.unresolved.remove(send)) {
      LaneSender lane = send.lane;
      Outcome outcome = lane == null ? Outcome.REJECTED : lane.abandoned(send);
      accounts.ended(send, send.failure(outcome, "the producer was closed meanwhile", null));
    }
  }
}
