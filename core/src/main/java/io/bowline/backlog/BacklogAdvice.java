// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What would drain a backlog in time, computed from what arrived and what was acknowledged in the
 * last minutes, as one member sees it. Any one of the ways that are named is enough; a way that is
 * not named would not help, or cannot be computed. It presumes that work goes on as it went.
 * Immutable.
 *
 * @param arrivals messages that arrive for the group in a second; not a number if not known. Where
 *     members share lanes untold it is at least so many, since what others handled is not in it
 * @param served messages that are acknowledged in a second: by the group, where its members can be
 *     told from the lanes they hold, and they are like this one; else by this member. Not a number
 *     if not known
 * @param drainsIn when nothing is left, if it goes on so; empty if it does not shrink
 * @param limit what holds the work back
 * @param moreWorkers how many more handlers at work it takes, over all members: {@code concurrency}
 * @param moreMembers how many more members like this one it takes; no more than the lanes allow
 * @param lanes how many lanes the topic would need for as many members as it takes, if it has fewer
 * @param text the same for people
 */
public record BacklogAdvice(
    double arrivals,
    double served,
    Optional<Duration> drainsIn,
    Limit limit,
    OptionalInt moreWorkers,
    OptionalInt moreMembers,
    OptionalInt lanes,
    String text) {

  /** What holds work back. */
  public enum Limit {
    /** Nothing: it drains in time. */
    NONE,
    /** All workers are at work. */
    WORKERS,
    /** Workers wait for messages: what one member takes from its lanes is the limit. */
    LANES,
    /** Messages wait behind earlier ones of few keys: more workers, members, lanes do not help. */
    KEYS,
    /** It was paused, a circuit is open, a rate limit is reached, or messages wait for a retry. */
    HELD_BACK,
    /** Nothing is acknowledged at all. */
    STANDSTILL,
    /** It was not measured for long enough. */
    UNKNOWN
  }
}
