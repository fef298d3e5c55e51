// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogView;
import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.message.Names;
import io.bowline.retry.Retry;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A consumer's polling thread. A subscription that breaks is left and joined anew, after a
 * back-off, until the consumer is closed: it is never alive but stopped.
 */
final class ReceiveEngine implements ReliableConsumer {
  private static final Logger log = LoggerFactory.getLogger(ReceiveEngine.class);
  private static final Retry REJOIN =
      Retry.forever().backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private final Transport transport;
  private final ConsumerSettings settings;
  private final ReceiveLoop.Crew crew;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<DrainReport> ended = new CompletableFuture<>();
  private volatile Duration drainWithin = DEFAULT_DRAIN;
  private final AtomicLong settledEarlier = new AtomicLong();
  private final GapView gaps;

  ReceiveEngine(Transport transport, ConsumerSettings settings, ReceiveLoop.Crew crew) {
    this.transport = transport;
    this.settings = settings;
    this.crew = crew;
    this.gaps = new GapView(crew.machine().clock());
    crew.meters().gaps().open(gaps);
  }

  /**
   * Joins the group, and returns once that is done.
   *
   * @throws TransportException if it cannot be joined
   */
  void start() {
    crew.machine().start(this::run, "bowline-poll-" + settings.group());
    try {
      Void unused = crew.machine().join(started);
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private void run() {
    ReceiveLoop loop = null;
    try {
      loop = first();
      while (loop != null && !awaitClosing(Duration.ZERO)) {
        loop = turn(loop);
      }
    } catch (Throwable failure) { // nothing above this thread would tell of it
      crew.watchdog().died(failure);
      log.error("Consumer {} of {} stopped", settings.group(), settings.topic(), failure);
    } finally {
      end(loop);
    }
  }

  private @Nullable ReceiveLoop first() {
    try {
      crew.copies().forEach(this::requireTopic);
      ReceiveLoop loop = new ReceiveLoop(transport, settings, crew, gaps);
      log.info("Consumer {} of {} started", settings.group(), settings.topic());
      crew.threads().every(crew.watchdog().period(), crew.watchdog()::check);
      if (crew.backlog().isWanted() || crew.meters().on()) {
        crew.backlog().begin(closing);
      }
      started.complete(null);
      return loop;
    } catch (RuntimeException | Error failure) {
      started.completeExceptionally(failure);
      return null;
    }
  }

  private void requireTopic(DeadLetters copies) {
    try {
      int unused = transport.lanes(copies.topic());
    } catch (TransportException missing) {
      throw new TransportException(
          missing.verdict(),
          "Starting consumer "
              + settings.group()
              + " of "
              + settings.topic()
              + ": its "
              + copies.kind()
              + " topic "
              + copies.topic()
              + " cannot be used: "
              + missing.getMessage(),
          missing);
    }
  }

  private @Nullable ReceiveLoop turn(ReceiveLoop loop) {
    try {
      loop.turn();
      return loop;
    } catch (RuntimeException | Error broken) {
      log.atLevel(broken instanceof Error ? Level.ERROR : Level.WARN)
          .setCause(broken)
          .log(
              "The subscription of group {} to {} broke; what is unsettled will come again, and"
                  + " the group is joined anew",
              settings.group(),
              settings.topic());
      loop.abandon(broken);
      settledEarlier.addAndGet(loop.settled());
      return rejoined();
    }
  }

  private @Nullable ReceiveLoop rejoined() {
    for (int tries = 1; !awaitClosing(REJOIN.delayAfter(tries, crew.machine().random())); tries++) {
      try {
        ReceiveLoop loop = new ReceiveLoop(transport, settings, crew, gaps);
        log.info("Consumer {} of {} joined anew", settings.group(), settings.topic());
        return loop;
      } catch (RuntimeException | Error failure) {
        log.warn(
            "Joining group {} of {} failed, attempt {}",
            settings.group(),
            settings.topic(),
            tries,
            failure);
      }
    }
    return null;
  }

  private boolean awaitClosing(Duration longest) {
    try {
      return crew.machine().await(closing, longest);
    } catch (InterruptedException interrupted) {
      log.warn(
          "The polling thread of consumer {} of {} was interrupted, which is ignored: it is ended"
              + " by close() alone",
          settings.group(),
          settings.topic());
      return closing.getCount() == 0;
    }
  }

  private void end(@Nullable ReceiveLoop loop) {
    DrainReport report = DrainReport.clean(settledEarlier.get());
    crew.watchdog().closing();
    try {
      if (loop != null) {
        report = loop.drain(drainWithin).after(settledEarlier.get());
      }
    } catch (RuntimeException | Error failure) {
      log.warn("Closing consumer {} of {} failed", settings.group(), settings.topic(), failure);
    } finally {
      gaps.close();
      crew.threads().stop();
      crew.copies().forEach(DeadLetters::close);
      log.info("Consumer {} of {} closed: {}", settings.group(), settings.topic(), report);
      crew.watchdog().closed();
      crew.meters().close();
      ended.complete(report);
    }
  }

  @Override
  public String topic() {
    return settings.topic();
  }

  @Override
  public String group() {
    return settings.group();
  }

  @Override
  public void pause() {
    pause("no reason was given");
  }

  @Override
  public void pause(String why) {
    crew.gate().pause(Names.required("reason of a pause", why));
    log.info("Consumer {} of {} is paused: {}", settings.group(), settings.topic(), why);
  }

  @Override
  public void resume() {
    if (crew.gate().resume()) {
      log.info("Consumer {} of {} goes on after a pause", settings.group(), settings.topic());
    }
  }

  @Override
  public boolean isPaused() {
    return crew.gate().isPaused();
  }

  @Override
  public Health health() {
    return crew.watchdog().health();
  }

  @Override
  public BacklogView backlog() {
    crew.backlog().begin(closing);
    return crew.backlog().view();
  }

  @Override
  public List<Gap> gaps() {
    return gaps.gaps();
  }

  @Override
  public CompletableFuture<Dismissal> dismiss(Gap gap, String reason) {
    Names.required("reason of a dismissal", reason);
    if (!gap.topic().equals(topic()) || !gap.group().equals(group())) {
      throw new IllegalArgumentException(
          "This consumer reads %s in group %s, and misses nothing of %s"
              .formatted(topic(), group(), gap));
    }
    return gaps.dismiss(gap, reason);
  }

  @Override
  public Set<String> parkedKeys() {
    ParkedKeys parked = crew.worker().parked();
    return parked == null ? Set.of() : parked.keys();
  }

  @Override
  public boolean unpark(String key) {
    ParkedKeys parked = crew.worker().parked();
    return parked != null && parked.unpark(key);
  }

  @Override
  public void close() {
    close(DEFAULT_DRAIN);
  }

  @Override
  public DrainReport close(Duration timeout) {
    if (closing.getCount() > 0) {
      drainWithin = timeout;
    }
    closing.countDown();
    return crew.threads().isCurrent()
        ? ended.getNow(new DrainReport(settledEarlier.get(), 0, 1, Map.of(), List.of()))
        : crew.machine().join(ended);
  }
}
