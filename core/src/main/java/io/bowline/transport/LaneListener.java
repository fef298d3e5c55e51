// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.Set;

/**
 * Hears which lanes a subscription holds. Called on the polling thread, from inside {@link
 * Subscription#poll} or {@link Subscription#close}; must not throw.
 */
public interface LaneListener {

  /** These lanes are now ours; deliveries of them may follow. */
  void assigned(Set<Integer> lanes);

  /**
   * These lanes are about to go to another member, and are still ours until this returns: finish
   * what runs, within a bound, and settle it. What is not settled comes again elsewhere.
   */
  void revoking(Set<Integer> lanes);

  /**
   * These lanes are gone already, and another member may be working on them: drop what has not
   * begun. Settling their deliveries returns false.
   */
  void lost(Set<Integer> lanes);
}
