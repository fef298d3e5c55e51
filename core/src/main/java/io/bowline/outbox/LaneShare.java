// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

/**
 * How many lanes a relay should have: each as many as the others, rounded up. Pure.
 *
 * @param take how many more to take
 * @param give how many to give back
 */
record LaneShare(int take, int give) {

  /**
   * What to do.
   *
   * @param lanes how many there are
   * @param mine how many this relay has, and does not give back already
   */
  static LaneShare of(int lanes, int mine, Standing standing) {
    int relays = Math.max(1, standing.relays());
    int share = (lanes + relays - 1) / relays;
    int give = Math.max(0, mine - share);
    int take = Math.max(0, Math.min(share - mine, standing.free()));
    return new LaneShare(take, give);
  }
}
