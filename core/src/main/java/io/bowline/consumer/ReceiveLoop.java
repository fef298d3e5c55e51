// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.machine.Machine;
import io.bowline.message.Received;
import io.bowline.message.Watermark;
import io.bowline.report.SentLog;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Delivery;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Subscription;
import io.bowline.transport.Transport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription from its beginning to its end: polls, hands over, settles. Every method is
 * called by the one thread that owns the subscription. It decides nothing and runs no user code.
 */
final class ReceiveLoop implements LaneKeeper.Settler {
  private static final Logger log = LoggerFactory.getLogger(ReceiveLoop.class);

  /** How long a full consumer waits for handlers before it polls for the broker's sake. */
  private static final Duration FULL_WAIT = Duration.ofMillis(100);

  private final ConsumerSettings settings;
  private final HeldWork held;
  private final GapKeeper gaps;
  private final LaneKeeper lanes;
  private final LineWorker worker;
  private final Gate gate;
  private final Watchdog watchdog;
  private final ReceiveMeters meters;
  private final BacklogSigns signs;
  private final Machine machine;
  private final Clock clock;
  private final FinishedWork finished = new FinishedWork();

  /** One object for all messages. */
  private final Consumer<Work> whenFinished = finished::add;

  private final Subscription subscription;
  private final PollWait pollWait;
  private final boolean seesGaps;
  private final @Nullable WatermarkLog sent;
  private final OncePerMinute warnings = new OncePerMinute();
  private long settled;

  /** Watermarks: nobody counts them. */
  private long passedOver;

  /** No wait for handlers lasts longer. */
  private Instant leaveBy = Instant.MAX;

  /** What a loop shares with the loops before and after it. */
  record Crew(
      HandlerThreads threads,
      LineWorker worker,
      List<DeadLetters> copies,
      Gate gate,
      Watchdog watchdog,
      ReceiveMeters meters,
      BacklogWatch backlog,
      Machine machine) {}

  ReceiveLoop(Transport transport, ConsumerSettings settings, Crew crew, GapView view) {
    this.settings = settings;
    this.machine = crew.machine;
    this.clock = machine.clock();
    this.held = new HeldWork(settings.subscription().maxUnsettled(), settings.maxBytes());
    this.gaps = new GapKeeper(settings, crew, view, held);
    this.lanes = new LaneKeeper(settings, held, gaps, this);
    this.worker = crew.worker;
    this.gate = crew.gate;
    this.watchdog = crew.watchdog;
    this.meters = crew.meters;
    this.signs = crew.backlog.signs();
    this.subscription = transport.subscribe(settings.subscription(), lanes);
    this.pollWait = new PollWait(subscription.handsOutAfterSettling());
    this.seesGaps = subscription.holdsLanesAlone();
    gaps.begin(subscription);
    SentLog log = settings.gaps().sentLog();
    this.sent = log == null ? null : new WatermarkLog(log, crew.threads::execute);
    tellOfParkingApart();
  }

  private void tellOfParkingApart() {
    if (!seesGaps && worker.parked() != null) {
      log.warn(
          "Group {} of {}: keys are parked by each member for itself, and this broker shares a lane"
              + " among members: with several members, messages behind a dead letter may be handled"
              + " by another one",
          settings.group(),
          settings.topic());
    }
  }

  /** One turn: settle what was finished, take what fits, tell of gaps. */
  void turn() {
    settle(finished.takeAll());
    int room = room();
    if (room == 0) {
      settle(finished.await(machine, held.untilRoom(), FULL_WAIT));
      room = room();
    }
    List<Delivery> deliveries = subscription.poll(room, pollWait.next(room, held.messages()));
    if (room > 0 && deliveries.isEmpty()) {
      gaps.caughtUp();
    }
    take(deliveries);
    gaps.tell();
    if (watchdog.turned(held, settled)) {
      meters.seen(held);
      signs.look(held, seesGaps ? lanes.owned() : 0, settled);
    }
  }

  private int room() {
    return gate.isPaused() ? 0 : held.room();
  }

  private void take(List<Delivery> deliveries) {
    if (!deliveries.isEmpty()) {
      pollWait.delivered();
      List<Work> works = new ArrayList<>(deliveries.size());
      gaps.arriving();
      for (Delivery delivery : deliveries) {
        Received message = delivery.asReceived();
        if (Watermark.is(message)) {
          marked(delivery, message);
        } else {
          works.add(arrived(delivery, message));
        }
      }
      worker.add(works);
    }
  }

  /** A watermark is for nobody's handler. */
  private void marked(Delivery delivery, Received message) {
    Watermark mark = Watermark.in(message).orElse(null);
    if (mark != null) {
      gaps.arrived(delivery, mark);
      if (sent != null) {
        sent.arrived(settings.topic(), mark);
      }
    } else if (warnings.allows("mark")) {
      log.warn(
          "{} is a watermark that cannot be read, from a newer version: it is passed over. Told at"
              + " most once a minute",
          message);
    }
    Work work = new Work(delivery, held.lane(delivery.lane()), message, whenFinished);
    work.passedOver = true;
    held.arrived(work);
    work.finish();
  }

  private Work arrived(Delivery delivery, Received message) {
    gaps.arrived(delivery, message); // before it is held: what is held arrived earlier
    Work work = new Work(delivery, held.lane(delivery.lane()), message, whenFinished);
    held.arrived(work);
    if (meters.on()) {
      work.arrived = System.nanoTime();
      meters.arrived(delivery.attempt());
    }
    return work;
  }

  private void settle(@Nullable Work first) {
    gaps.attend();
    for (Work work = first; work != null; work = work.takeNextFinished()) {
      if (gaps.keeps()) {
        gaps.completed(work);
      } else {
        accept(work);
      }
    }
    if (gaps.keeps()) {
      gaps.saved().forEach(this::accept);
    }
  }

  private void accept(Work work) {
    if (work.passedOver) {
      subscription.accept(work.delivery); // if it is ours no more, the next one passes it over
      passedOver++;
    } else if (subscription.accept(work.delivery)) {
      settled++;
      meters.acknowledged(work);
    } else {
      meters.lost();
      log.debug("{} was processed, but is no longer ours: it will come again", work.message);
    }
    held.settled(work);
  }

  @Override
  public void settleUntilIdle(List<LaneWork> leaving, Duration longest) {
    Instant deadline = in(longest);
    while (running(leaving) > 0 && clock.instant().isBefore(deadline)) {
      settle(finished.await(machine, 1, PollWait.BUSY));
    }
    settle(finished.takeAll());
  }

  @Override
  public ReceiveMeters meters() {
    return meters;
  }

  private Instant in(Duration wait) {
    Instant then = clock.instant().plusNanos(SteadyClock.nanos(wait));
    return then.isBefore(leaveBy) ? then : leaveBy;
  }

  private static int running(List<LaneWork> lanes) {
    return lanes.stream().mapToInt(LaneWork::running).sum();
  }

  /** Begins nothing new, settles what ends in time and leaves; what was left behind. */
  DrainReport drain(Duration longest) {
    int before = held.messages();
    long settledBefore = settled + passedOver;
    leaveBy = in(longest);
    List<LaneWork> leaving = held.close();
    try {
      while (running(leaving) > 0 && clock.instant().isBefore(leaveBy)) {
        settle(finished.await(machine, 1, PollWait.BUSY));
        subscription.poll(0, Duration.ZERO);
      }
      settle(finished.takeAll());
    } catch (RuntimeException | Error broken) {
      log.warn(
          "The subscription of group {} to {} broke while it was drained; what is unsettled will"
              + " come again",
          settings.group(),
          settings.topic(),
          broken);
    }
    int stillRunning = running(leaving);
    LeftBehind left = new LeftBehind(held);
    held.remove(held.lanes());
    close();
    int returned = before - (int) (settled + passedOver - settledBefore);
    return new DrainReport(settled, returned, stillRunning, left.byLane(), left.named());
  }

  /** Gives everything up at once, after this trouble. */
  void abandon(Throwable broken) {
    lanes.lost(Set.copyOf(held.lanes()));
    watchdog.broke(broken, held);
    meters.seen(held);
    signs.look(held, 0, settled);
    close();
  }

  private void close() {
    gaps.end();
    try {
      subscription.close();
    } catch (RuntimeException | Error failure) {
      log.warn("Leaving group {} of {} failed", settings.group(), settings.topic(), failure);
    }
  }

  long settled() {
    return settled;
  }
}
