// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import io.bowline.machine.Machine;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.replay.ReplayReport.End;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Connected;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over the dead letters. Each is sent to its topic or back to the end of the dead letters,
 * and accepted once that is confirmed; so what is accepted of a lane has no holes, and no later
 * pass sees again what this one replayed. A lane is over where it shows what the pass itself sent.
 * Confined to one thread, except for the completion of sends.
 */
final class ReplayRun implements LaneListener {
  private static final Logger log = LoggerFactory.getLogger(ReplayRun.class);

  /** The most letters held, which is also how many may be replayed twice after a crash. */
  static final int WINDOW = 100;

  private static final long WINDOW_BYTES = 16L << 20;

  private static final Duration IDLE_WAIT = Duration.ofMillis(100);
  private static final Duration BUSY_WAIT = Duration.ofMillis(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ReplayOrders orders;
  private final Selection selection;
  private final ReliableProducer producer;
  private final Machine machine;
  private final SteadyClock clock;
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final LetterLines lines = new LetterLines();
  private final ReplayTally tally = new ReplayTally();
  private final Set<Integer> finishedLanes = new HashSet<>();
  private final int lanes;
  private final Subscription subscription;
  private long lastNews;
  private boolean heard;
  private boolean closing;
  private int chosen;
  private int looked;
  private @Nullable End end;
  private @Nullable String trouble;

  /** How the send for a letter ended. */
  private record Sent(Letter letter, @Nullable Throwable failure) {}

  ReplayRun(Connected broker, ReplayOrders orders, Selection selection, ReliableProducer producer) {
    Transport transport = broker.transport();
    this.machine = broker.machine();
    this.clock = machine.clock();
    this.lastNews = clock.nanos();
    this.orders = orders;
    this.selection = selection;
    this.producer = producer;
    this.lanes = transport.lanes(selection.topic());
    int unsettled = orders.dryRun() ? orders.mostLooked() : WINDOW;
    String reader = ReplayBuilder.reader(selection.group());
    this.subscription =
        transport.subscribe(new SubscriptionSpec(selection.topic(), reader, unsettled), this);
  }

  ReplayReport run(Duration timeout) {
    long deadline = clock.nanos() + SteadyClock.nanos(timeout);
    try {
      while (end == null) {
        turn();
        end = end == null ? over(deadline) : end;
      }
      drain(deadline);
    } catch (RuntimeException broken) {
      stop("the run broke: " + broken, broken);
    } finally {
      close();
    }
    return tally.report(orders.dryRun(), end == null ? End.TROUBLE : end, trouble);
  }

  private void turn() {
    settle(sent.poll());
    int room = lines.bytes() < WINDOW_BYTES ? WINDOW - lines.size() : 0;
    if (room == 0) {
      settle(await(IDLE_WAIT));
    }
    Duration wait = room == 0 ? Duration.ZERO : lines.size() > 0 ? BUSY_WAIT : IDLE_WAIT;
    for (Delivery delivery : subscription.poll(room, wait)) {
      if (end == null) {
        take(delivery);
      }
    }
  }

  private @Nullable End over(long deadline) {
    long now = clock.nanos();
    if (Thread.currentThread().isInterrupted()) {
      stop("the thread that replays was interrupted", null);
      return end;
    }
    if (now - deadline >= 0) {
      return End.TIMEOUT;
    }
    if (lines.size() > 0) {
      return null;
    }
    Duration patience = heard ? orders.quiet() : orders.firstSign();
    boolean quiet = now - lastNews >= SteadyClock.nanos(patience);
    return quiet || finishedLanes.size() >= lanes ? End.DONE : null;
  }

  private void take(Delivery delivery) {
    Received received = delivery.asReceived();
    if (selection.isOfThisRun(received)) {
      finishedLanes.add(delivery.lane());
    }
    if (finishedLanes.contains(delivery.lane())) {
      return; // left as it is, for a later run
    }
    news();
    Fate fate = selection.fate(received);
    if (orders.dryRun()) {
      tally.add(received, fate);
    } else if (fate == Fate.OTHER_GROUP) {
      accepted(new Letter(delivery, received, fate));
    } else {
      Letter letter = new Letter(delivery, received, fate);
      if (lines.add(letter)) {
        begin(letter);
      }
    }
    if (end == null && isLast(fate)) {
      end = End.LIMIT;
    }
  }

  private boolean isLast(Fate fate) {
    looked++;
    chosen += fate == Fate.REPLAYED ? 1 : 0;
    return chosen >= orders.limit() || (orders.dryRun() && looked >= orders.mostLooked());
  }

  private void news() {
    heard = true;
    lastNews = clock.nanos();
  }

  /** Sends for a letter whose turn it is, unless the run is to begin nothing more. */
  private void begin(Letter letter) {
    if (letter.lost) {
      tally.comesAgain();
      next(letter);
      return;
    }
    if (end == End.TIMEOUT || end == End.TROUBLE) {
      return;
    }
    if (letter.fate == Fate.REPLAYED && lines.isBlocked(letter)) {
      letter.fate = Fate.KEY_WAITS;
    }
    letter.begun = true;
    Message message =
        letter.fate == Fate.REPLAYED
            ? selection.toOrigin(letter.received)
            : selection.toTheEnd(letter.received);
    var unused =
        producer
            .send(message)
            .whenComplete((receipt, failure) -> sent.add(new Sent(letter, failure)));
  }

  private void settle(@Nullable Sent first) {
    for (Sent next = first; next != null; next = sent.poll()) {
      next.letter.begun = false;
      news();
      if (next.failure == null) {
        accepted(next.letter);
        next(next.letter);
      } else {
        failed(next.letter, next.failure);
      }
    }
  }

  private void accepted(Letter letter) {
    tally.add(letter.received, letter.fate);
    if (letter.lost || !subscription.accept(letter.delivery)) {
      tally.comesAgain();
    }
  }

  private void next(Letter letter) {
    lines.done(letter).ifPresent(this::begin);
  }

  /** What its topic will never take goes back; for any other reason the run stops. */
  private void failed(Letter letter, Throwable failure) {
    boolean refused = failure instanceof SendException send && send.isRefused();
    if (letter.fate != Fate.REPLAYED || !refused || !lines.block(letter)) {
      stop("message " + letter.received.id() + " was not confirmed: " + failure, failure);
      return;
    }
    letter.fate = Fate.REFUSED;
    begin(letter);
  }

  private void stop(String why, @Nullable Throwable cause) {
    if (end != End.TROUBLE) {
      end = End.TROUBLE;
      trouble = why;
      log.warn(
          "The replay of {} for {} stops; what it has not dealt with stays as it is",
          selection.topic(),
          selection.group(),
          cause);
    }
  }

  /** Waits for what is under way, and where a limit was reached for what was taken before it. */
  private void drain(long deadline) {
    long until = clock.nanos() + LAST_WORDS.toNanos();
    if (end == End.LIMIT) {
      until = Math.max(until, deadline);
    }
    while (left() > 0 && mayWait(until)) {
      settle(await(BUSY_WAIT));
      subscription.poll(0, Duration.ZERO).forEach(this::take);
    }
  }

  private boolean mayWait(long until) {
    return clock.nanos() < until && !Thread.currentThread().isInterrupted();
  }

  private int left() {
    return end == End.LIMIT ? lines.size() : lines.underWay();
  }

  private @Nullable Sent await(Duration longest) {
    try {
      return machine.poll(sent, longest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return sent.poll();
    }
  }

  private void close() {
    closing = true;
    try {
      subscription.close();
    } finally {
      var unused = producer.close(Duration.ZERO);
    }
  }

  @Override
  public void assigned(Set<Integer> fresh) {
    news();
  }

  @Override
  public void revoking(Set<Integer> leaving) {
    List<Letter> held = lines.of(leaving);
    held.stream().filter(letter -> !letter.begun).forEach(letter -> letter.lost = true);
    long until = clock.nanos() + (closing ? 0 : LAST_WORDS.toNanos());
    while (held.stream().anyMatch(letter -> letter.begun) && mayWait(until)) {
      settle(await(BUSY_WAIT));
    }
    lost(leaving);
  }

  @Override
  public void lost(Set<Integer> gone) {
    lines.of(gone).forEach(letter -> letter.lost = true);
    finishedLanes.removeAll(gone);
  }
}
