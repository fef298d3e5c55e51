// SPDX-License-Identifier: Apache-2.0
package io.bowline.dedupe;

import java.time.Duration;
import java.util.List;

/**
 * Remembers which messages took effect, for effects outside of its own transactions; shared by all
 * members of a group. A message is claimed, takes effect, and is done: in this order, since what
 * was done before its effect would be lost by a crash between. A crash after the effect, before it
 * is done, lets it take effect once more: best effort, by its nature.
 *
 * <p>All times are of the store's own clock, so members' clocks do not matter. An implementation is
 * thread-safe; handler threads wait for it, so it bounds its own waits. What it cannot do, or does
 * not know that it did, it throws. Of several claims at one message at most one holds at a time,
 * and a claim that another one followed changes nothing. The kit {@code DedupeStoreConformance} of
 * the testkit says whether one is right.
 */
public interface DedupeStore extends Remembers {

  /** What became of a claim. */
  sealed interface Answer {
    /** It is the caller's, until it is done or released, or its lease ends. */
    record Mine(Claim claim) implements Answer {}

    /**
     * Somebody else's claim holds.
     *
     * @param left until its lease ends, if it is not extended; not negative
     */
    record Busy(Duration left) implements Answer {}

    /** The message took effect. */
    record Done() implements Answer {}
  }

  /** For how long a claim holds that nobody extends; above 0. */
  Duration lease();

  /**
   * Claims a message, unless it is done or another claim at it holds. Where nobody hears the answer
   * the claim holds all the same, until its lease ends.
   *
   * @throws RuntimeException if that could not be done, or may not have been
   */
  Answer claim(DedupeKey message);

  /**
   * These hold for a lease from now on, those of them that still were their messages' last ones.
   *
   * @throws RuntimeException if that could not be done for all
   */
  void extend(List<Claim> claims);

  /**
   * The message took effect: no claim at it is {@linkplain Answer.Mine given} for as long as this
   * {@link #remembers}. Done once more, it answers the same. If another claim followed this one,
   * that one stays as it is; if nothing is known of the message any more, it is done now.
   *
   * @return whether nobody else can have had a claim at it since: else it may have taken effect
   *     twice
   * @throws RuntimeException if that could not be done, or may not have been: to be asked again
   */
  boolean done(Claim claim);

  /**
   * The message did not take effect, and may be claimed at once. A claim that is over, or done,
   * changes nothing.
   *
   * @throws RuntimeException if that could not be done: the claim then holds until its lease ends
   */
  void release(Claim claim);
}
