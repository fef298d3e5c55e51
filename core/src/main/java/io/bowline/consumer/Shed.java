// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogLevel;
import io.bowline.backlog.BacklogView;
import io.bowline.message.Received;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which messages are diverted to a parking topic, and when: while the backlog is high. Each is
 * asked of once, at its first turn; one that failed before, or that the gate has let in already, is
 * not asked of any more. Switched by the watch over the backlog, asked by handler threads.
 */
final class Shed {
  private static final Logger log = LoggerFactory.getLogger(Shed.class);

  private final String who;
  private final Predicate<Received> choice;
  private final DeadLetters parking;
  private final BacklogLevel level;
  private final OncePerMinute warnings = new OncePerMinute();

  /** Why messages are shed; null while none is. */
  private volatile @Nullable String why;

  /**
   * @param who for the log
   * @param choice what can wait; user code
   * @param level confined to the watch over the backlog
   */
  Shed(String who, Predicate<Received> choice, DeadLetters parking, BacklogLevel level) {
    this.who = who;
    this.choice = choice;
    this.parking = parking;
    this.level = level;
  }

  /** Where the copies go. */
  DeadLetters parking() {
    return parking;
  }

  /** A look at the backlog. */
  void next(BacklogView view) {
    var unused = level.next(view);
    boolean was = why != null;
    boolean is = level.isSurelyHigh();
    if (is && view.isKnown()) {
      why = view.messages().orElse(0) + " messages (" + view.quality() + ") were left";
    } else if (!is) {
      why = null;
    }
    if (was != is) {
      tellOfTurn(is, view);
    }
  }

  private void tellOfTurn(boolean on, BacklogView view) {
    if (!on) {
      log.info("{} sheds no more messages", who);
    } else if (warnings.allows("on")) {
      log.warn(
          "{} sheds messages to {} that can wait, since {} messages are left ({}). Replay them once"
              + " it is low again. Told at most once a minute",
          who,
          parking.topic(),
          view.messages().orElse(0),
          view.quality());
    }
  }

  /** Whether the front of a line, or one of its batch, is to be diverted now. */
  boolean wants(Work front) {
    String now = why;
    if ((now == null && front.sifted == Work.Sifted.NOT_YET) || front.admitted) {
      return false;
    }
    boolean wanted = wanted(front, now);
    for (Work follower : front.followers) {
      wanted |= wanted(follower, now);
    }
    return wanted;
  }

  private boolean wanted(Work work, @Nullable String now) {
    if (work.sifted == Work.Sifted.NOT_YET && now != null && work.calls == 0) {
      work.sifted = isChosen(work) ? Work.Sifted.SHED : Work.Sifted.KEPT;
    }
    return work.sifted == Work.Sifted.SHED;
  }

  private boolean isChosen(Work work) {
    try {
      return choice.test(work.attempt());
    } catch (RuntimeException | Error broken) { // user code
      if (warnings.allows("choice")) {
        log.warn(
            "The choice of what to shed failed on {}, which is handled. Told at most once a minute",
            work.about(),
            broken);
      }
      return false;
    }
  }

  /** Sends the copy. */
  CompletableFuture<Receipt> send(Work work) {
    String now = why;
    return parking.send(work, new MessageShed(now == null ? "the backlog was high" : now));
  }

  /** The copy was not confirmed. */
  void refused(Work work, Throwable failure) {
    if (warnings.allows("unconfirmed")) {
      log.warn(
          "{} was not shed but is handled, since its copy was not confirmed by {}. Told at most"
              + " once a minute",
          work.about(),
          parking.topic(),
          failure);
    }
  }
}
