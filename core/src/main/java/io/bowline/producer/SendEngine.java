// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.producer.Entrance.Sights;
import io.bowline.retry.SteadyClock;
import io.bowline.sequence.KeySequences;
import io.bowline.transport.Connected;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final String EARLIER = "an earlier message of its batch could not be taken";
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
  private final Naming naming;
  private final Entrance entrance;
  private final SendAccounts accounts;
  private final TopicLanes topics;
  private final LaneNews news;

  /** Null where lanes count the numbers of keys themselves. */
  private final @Nullable Sequencing sequencing;

  private final Incarnation life;
  private final AtomicBoolean watching = new AtomicBoolean();
  private volatile boolean abandoning;

  SendEngine(Connected broker, ProducerSettings settings, Incarnation life) {
    this.settings = settings;
    clock = broker.machine().clock();
    threads = new SendThreads(broker.machine(), settings.source());
    meters = new SendMeters(broker.telemetry(), settings.source());
    SendWindow window = new SendWindow(settings.window());
    meters.inFlight(window::messages, window::bytes);
    meters.window(settings.window().messages(), settings.window().bytes());
    entrance = new Entrance(new Sights(broker.state(), window, clock), settings, meters);
    accounts =
        new SendAccounts(
            window, new Runs<>(threads.completions(), PendingSend::complete), clock, meters);
    SendContext.Sender sender = new SendContext.Sender(broker.system(), settings.source());
    naming =
        new Naming(settings, clock, new SendObservations(broker.telemetry(), sender), accounts);
    this.life = life;
    RandomGenerator random = broker.machine().random();
    Transport transport = broker.transport();
    HandOver handOver =
        new HandOver(
            new HandOver.To(transport, clock, random), new Stamping(life), accounts, threads);
    boolean pipelined =
        settings.writing().order() == Order.PIPELINED && transport.keepsPipelinedOrder();
    KeySequences sequences = settings.writing().sequences();
    KeyRules keys = new KeyRules(pipelined ? Integer.MAX_VALUE : 1, sequences != null);
    topics = new TopicLanes(transport, handOver, threads, keys);
    sequencing =
        sequences == null
            ? null
            : new Sequencing(sequences, settings.source(), entrance, this::reject);
    news = new LaneNews(settings, life.epoch(), topics, new LaneNews.Outside(threads, clock));
    news.start();
    log.info("Producer {} opened, epoch {}", life.source(), Long.toHexString(life.epoch()));
  }

  @Override
  public CompletableFuture<Receipt> send(Message message) {
    PendingSend send = naming.named(message);
    boolean unused = send.failure == null && enter(send, send.began);
    return send.future;
  }

  @Override
  public CompletableFuture<BatchResult> sendAll(List<Message> messages) {
    long start = clock.nanos();
    List<PendingSend> sends = naming.named(messages, start);
    List<PendingSend> run = new ArrayList<>();
    boolean room = true;
    for (PendingSend send : sends) {
      if (send.failure != null) {
        room = false;
      } else if (!room) {
        room = notEntered(send, EARLIER);
      } else {
        room = sequencing == null ? enter(send, start) : join(run, send, start, sequencing);
      }
    }
    boolean unused = sequencing == null || sequencing.offer(run, start);
    return CompletableFuture.allOf(futures(sends))
        .handle((done, failure) -> new BatchResult(results(sends)));
  }

  /** Those of a batch that have room at once get the numbers of their keys at once. */
  private boolean join(List<PendingSend> run, PendingSend send, long start, Sequencing numbers) {
    if (run.size() == KeySequences.MOST_AT_ONCE || !entrance.enterNow(send.size())) {
      boolean offered = numbers.offer(run, start); // it holds the room that this one waits for
      run.clear();
      boolean entered = offered ? awaitRoom(send, start) : notEntered(send, EARLIER);
      if (!entered) {
        return false;
      }
    }
    LaneSender lane = begin(send, start);
    if (lane != null) {
      send.lane = lane;
      run.add(send);
    }
    return true;
  }

  private static CompletableFuture<?>[] futures(List<PendingSend> sends) {
    return sends.stream().map(send -> send.future).toArray(CompletableFuture<?>[]::new);
  }

  private static List<SendResult> results(List<PendingSend> sends) {
    return sends.stream().map(PendingSend::result).toList();
  }

  /** Takes a message, or rejects it; false if it was rejected before it entered. */
  private boolean enter(PendingSend send, long start) {
    if (!awaitRoom(send, start)) {
      return false;
    }
    LaneSender lane = begin(send, start);
    if (lane != null && sequencing != null && send.key != null) {
      send.lane = lane;
      boolean unused = sequencing.offer(List.of(send), start);
    } else if (lane != null) {
      lane.offer(send);
    }
    return true;
  }

  private boolean awaitRoom(PendingSend send, long start) {
    String refusal;
    try {
      refusal = entrance.enter(send.size(), start);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      refusal = INTERRUPTED;
    }
    return refusal == null || notEntered(send, refusal);
  }

  /** It has its room; its lane, or null if it is rejected. */
  private @Nullable LaneSender begin(PendingSend send, long start) {
    accounts.unresolved.add(send);
    watch();
    if (abandoning) {
      abandon(send);
      return null;
    }
    return laneOf(send, start);
  }

  private boolean notEntered(PendingSend send, String why) {
    accounts.notEntered(send, send.failure(Outcome.REJECTED, why, null));
    return false;
  }

  private @Nullable LaneSender laneOf(PendingSend send, long start) {
    try {
      LaneSender known = topics.known(send);
      return known == null ? topics.find(send, entrance.left(start)) : known;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      reject(send, INTERRUPTED, null);
    } catch (TransportException unreachable) {
      reject(send, "its topic could not be looked up", unreachable);
    }
    return null;
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
  public void retryNow() {
    threads.hurry();
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
    news.end(timeout.compareTo(LAST_WORDS) < 0 ? timeout : LAST_WORDS);
    topics.close();
    boolean unused = all || accounts.window.awaitEmpty(LAST_WORDS);
    SendReport report = accounts.report(results(List.copyOf(closing)));
    if (threads.close(TimeUnit.SECONDS.toNanos(5))) {
      meters.close();
      life.end();
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
