// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.transport.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One delivery on its way through the engine, or the first of a batch. Only the thread that runs
 * its line changes it, if nothing else is said.
 */
final class Work {
  final Delivery delivery;
  final LaneWork lane;
  final Received message;
  private final Consumer<Work> finished;

  /** Whether work on it was begun on its lane, and has not ended. */
  private boolean begun;

  /** Whether the polling thread knows that it is to be acknowledged. */
  private boolean done;

  /** Calls of the handler that failed. */
  int calls;

  /** Those of them that were for a batch, which was then taken apart: they count for no limit. */
  private int forgiven;

  /** How many attempts at it the store counted, in whatever process; 0 without a store. */
  int recorded;

  /** How often a store held it back, or its handler postponed it. */
  int unrecorded;

  /** Its handler ended well, and the dedupe store is not known to know that. */
  boolean tookEffect;

  private boolean alone;

  /** The messages behind it in its batch, in order; none of them is in its line meanwhile. */
  List<Work> followers = List.of();

  /** Sends of its dead letter that were not confirmed. */
  int deadLetterSends;

  /** The gate let it in, and need not be asked again. */
  boolean admitted;

  /** The last call of its handler failed: if it is finished all the same, by its dead letter. */
  boolean failedLast;

  /** Its handler let others of its key pass, and none of them ended well since. */
  boolean outOfTurn;

  /** What {@link Shed} said of it. */
  Sifted sifted = Sifted.NOT_YET;

  /** Whether a message is to be diverted. */
  enum Sifted {
    NOT_YET,
    KEPT,
    SHED
  }

  /** It went to the dead letters unhandled, after an earlier one of its key. */
  boolean followed;

  /** It is no message, and nobody handles it. */
  boolean passedOver;

  /** Moments of {@link System#nanoTime}, if anything is measured. */
  long arrived;

  long callBegan;

  /** Beginnings and ends of calls of its handler: odd while it is at work. */
  private volatile int steps;

  /** Which was finished before it, and how many with it; once they are taken, which after it. */
  @Nullable Work finishedBefore;

  int finishedTogether;

  /**
   * Its neighbours in its lane, older and newer; only the polling thread reads and writes these.
   */
  @Nullable Work previous;

  @Nullable Work next;

  boolean listed;

  /** Which one it is of those taken from its lane in this assignment. */
  long number;

  /** What {@link Sweep} saw of it, and when. */
  int stepsSeen;

  long callSeen;
  boolean failureWasSeen;
  long failureSeen;

  /**
   * @param finished hears, on a handler thread, that it is to be acknowledged
   */
  Work(Delivery delivery, LaneWork lane, Received message, Consumer<Work> finished) {
    this.delivery = delivery;
    this.lane = lane;
    this.message = message;
    this.finished = finished;
  }

  /** A call of its handler begins, or ends. */
  void step() {
    int next = steps + 1; // one thread at a time works on it
    steps = next;
  }

  int steps() {
    return steps;
  }

  /** Whether its handler is at work. */
  boolean isAtWork() {
    return steps % 2 != 0;
  }

  /** Takes leave to work on it; false if its lane is held no more. */
  boolean begin() {
    begun = lane.begin();
    return begun;
  }

  /** Work on it is over for now. */
  void end() {
    if (begun) {
      begun = false;
      lane.end();
    }
  }

  /** Whoever worked on it broke off. */
  void restored() {
    if (isAtWork()) {
      step();
    }
    end();
  }

  /** It was processed, with its followers, or its dead letter confirmed. */
  void finish() {
    tell();
    for (Work follower : followers) {
      follower.tell();
    }
    end();
  }

  private void tell() {
    if (!done) {
      finished.accept(this);
      done = true;
    }
  }

  /** A call of the handler failed. */
  void failed() {
    calls++;
    followers.forEach(Work::failed);
  }

  /** Its batch was taken apart: from now on it is alone, with its own tries before it. */
  void alone() {
    alone = true;
    forgiven = calls;
    recorded = 0;
    followers = List.of();
  }

  /** Whether it may be in a batch with others: it is new. */
  boolean joinsBatches() {
    return !alone && !done && calls == 0;
  }

  /** Whether this one may go along in a batch: it came by the same lane. */
  boolean isFollowedBy(@Nullable Work next) {
    return next != null && next.lane == lane && next.joinsBatches();
  }

  /** Calls that failed and count for the limit. */
  int countedCalls() {
    return Math.max(calls - forgiven, recorded);
  }

  /** Whether it was finished, with its followers, the last of whom is told of last. */
  boolean isDone() {
    return followers.isEmpty() ? done : followers.get(followers.size() - 1).done;
  }

  /** The message for the next call of the handler: broker's attempts and ours, counted together. */
  Received attempt() {
    return message.atAttempt(Math.max(delivery.attempt() + calls, recorded));
  }

  /** The same for each message of its batch. */
  List<Received> attempts() {
    List<Received> all = new ArrayList<>(1 + followers.size());
    all.add(attempt());
    followers.forEach(follower -> all.add(follower.attempt()));
    return Collections.unmodifiableList(all);
  }

  /** The message at the attempt that failed last. */
  Received lastAttempt() {
    return message.atAttempt(Math.max(delivery.attempt() + calls - 1, recorded));
  }

  /** The one that was finished after it; forgotten by this, so that none keeps others in memory. */
  @Nullable Work takeNextFinished() {
    Work after = finishedBefore;
    finishedBefore = null;
    return after;
  }

  /** Whether it is done without having been processed: by its dead letter, or shed. */
  boolean isSetAside() {
    return failedLast || sifted == Sifted.SHED;
  }

  /** Names the message and its place, for logs. */
  String about() {
    return "Message "
        + message.id()
        + " of "
        + message.topic()
        + " lane "
        + message.origin().lane()
        + " position "
        + message.origin().position();
  }
}
