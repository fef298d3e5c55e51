// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of a consumer; times in nanoseconds of one clock.
 *
 * @param loop its polling
 * @param held what it holds
 * @param calls how the calls of its handler ended of late
 * @param gate whether handlers may begin
 */
record Signs(Loop loop, Held held, Calls calls, GateSigns gate) {

  /** What the polling thread is at. */
  enum Phase {
    WORKING,
    /** The subscription broke, and the group is joined anew. */
    JOINING,
    CLOSING,
    CLOSED,
    /** The thread ended by what nobody foresaw. */
    DIED
  }

  /**
   * Polling.
   *
   * @param turned when a whole turn was last done
   * @param settled when a message was last acknowledged
   * @param trouble the class of what broke the subscription or ended the thread; or empty
   */
  record Loop(Phase phase, long turned, long settled, String trouble) {}

  /**
   * What is in memory.
   *
   * @param messages how many
   * @param since since when there is any
   * @param atWork whose handler has been at work for longest
   * @param failing which has been failing for longest
   */
  record Held(int messages, long since, @Nullable Place atWork, @Nullable Place failing) {
    static final Held NOTHING = new Held(0, 0, null, null);
  }

  /**
   * A message that holds others up.
   *
   * @param message its id and where it lay
   * @param since since when its handler is at work, or fails
   * @param calls how many calls of its handler failed
   * @param behind how many later messages of its lane were taken since
   */
  record Place(String message, long since, int calls, long behind) {}

  /**
   * How calls of the handler ended of late.
   *
   * @param failures how many failed since one last ended well
   * @param last the class of the last failure
   * @param postponed the class of what postpones messages, and since when; null if nothing does
   */
  record Calls(int failures, String last, @Nullable Shut postponed) {}

  /**
   * Whether handlers may begin.
   *
   * @param paused whether it was paused
   * @param broken whether the circuit is open
   * @param open when it was last opened; or the beginning
   */
  record GateSigns(@Nullable Shut paused, @Nullable Shut broken, long open) {}

  /** Why handlers may not begin, and since when. */
  record Shut(String why, long since) {}
}
