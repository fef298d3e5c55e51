// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

/**
 * What looks through a member's memory saw, added up since its beginning, so that the difference of
 * two tells of the time between. Immutable.
 *
 * @param looks how many looks
 * @param atWork messages whose handlers were at work
 * @param lines keys with messages in memory, and messages without a key: what could be at work
 * @param held messages in memory
 * @param ofOneKey those of the key that had most
 */
public record WorkSum(long looks, long atWork, long lines, long held, long ofOneKey) {
  /** Before the first look. */
  public static final WorkSum ZERO = new WorkSum(0, 0, 0, 0, 0);

  /** With one look more. */
  public WorkSum plus(long working, long ready, long all, long most) {
    return new WorkSum(looks + 1, atWork + working, lines + ready, held + all, ofOneKey + most);
  }

  WorkSum minus(WorkSum earlier) {
    return new WorkSum(
        looks - earlier.looks,
        atWork - earlier.atWork,
        lines - earlier.lines,
        held - earlier.held,
        ofOneKey - earlier.ofOneKey);
  }
}
