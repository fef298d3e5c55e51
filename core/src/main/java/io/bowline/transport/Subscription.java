// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.time.Duration;
import java.util.List;

/**
 * A member of a group, reading one topic. Confined to one thread: every method, {@link #close}
 * included, is called by the thread that polls, and so is the {@link LaneListener}, from inside
 * {@link #poll} or {@link #close}.
 */
public interface Subscription extends AutoCloseable {
  /** How long settlements may be kept back while deliveries flow, in milliseconds. */
  int SETTLED_WITHIN_MILLIS = 10;

  /**
   * Waits for deliveries, and does whatever the broker needs to hear: heartbeats, renewed leases,
   * and all settlements made so far. They are with the broker when this returns nothing; while it
   * returns deliveries, they are on their way within {@value #SETTLED_WITHIN_MILLIS} ms. So it is
   * called at least once a second, with {@code max = 0} while nothing is wanted.
   *
   * <p>Trouble that passes, such as a lost connection, is no exception: nothing arrives until the
   * transport has mended it. An interrupt ends the wait at once and leaves the flag set.
   *
   * @param max the most deliveries to return; 0 returns none
   * @param timeout the longest wait for a first delivery; zero returns what is there
   * @return deliveries, those of a lane in its order; empty if none came in time
   * @throws TransportException if this subscription can never work again: it is to be closed, and
   *     its deliveries will come to another member
   */
  List<Delivery> poll(int max, Duration timeout);

  /**
   * The message was processed: the broker may forget it for this group. Accepting one delivery
   * accepts no other. It is with the broker as {@link #poll} says, or after {@link #close}, unless
   * that tells its lane {@linkplain LaneListener#lost lost}: then the message comes again.
   *
   * @return false if it was settled before, or is no longer ours: the message will come again, to
   *     this member or another
   */
  boolean accept(Delivery delivery);

  /**
   * The message was not processed: it comes again, as a new delivery, not before this delay. No
   * other delivery moves by it.
   *
   * @return false if it was settled before or is no longer ours
   */
  boolean release(Delivery delivery, Duration delay);

  /**
   * Whether every message of a lane comes to this member alone, from {@link LaneListener#assigned}
   * until {@link LaneListener#revoking} or {@link LaneListener#lost} names the lane. Never changes.
   * Where a broker shares lanes out without telling, numbers that another member received look
   * missing here: so gaps are not looked for.
   */
  boolean holdsLanesAlone();

  /**
   * Where lanes are not held alone: whether a lane brings something to another member only once all
   * that it brought to this one was accepted, or is no longer this one's, and then brings that
   * first, in order. Then gaps can be looked for with a store that all members use. It may be found
   * out by what arrives: asked after each {@link #poll} that brought something, and once it is
   * false it stays so.
   */
  default boolean handsOutInTurns() {
    return false;
  }

  /** {@link #lateness} where nothing is said: 5 s. */
  Duration USUAL_LATENESS = Duration.ofSeconds(5);

  /**
   * How long, at most, the broker may take to bring a message behind later ones of its lane: since
   * it gives what a lost member held to the next one, say. A number that a message promises to be
   * stored is missed after so long. Positive, and never changes. Longer delays the alarm; shorter
   * raises a false one.
   */
  default Duration lateness() {
    return USUAL_LATENESS;
  }

  /**
   * Whether a lane, or a group of lanes, brings nothing more until all that it brought is settled:
   * then settlements are told in shorter steps while handlers are quick. Never changes.
   */
  default boolean handsOutAfterSettling() {
    return false;
  }

  /**
   * Leaves the group in order. What was accepted is with the broker when this returns, as far as
   * the broker can be reached within the connect timeout; what is unsettled goes to another member.
   * Closing twice does nothing.
   */
  @Override
  void close();
}
