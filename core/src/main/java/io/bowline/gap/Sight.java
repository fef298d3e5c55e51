// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/** What an arrival is among the numbers of its lane. */
public enum Sight {
  /** It has no number in its lane, from a plain client or an older producer. */
  UNNUMBERED,
  /** The next one. */
  IN_ORDER,
  /** Numbers before it have not arrived. */
  AHEAD,
  /** It had not arrived although a later one had, or was voided: it is no duplicate. */
  LATE,
  /** Its number arrived before. */
  DUPLICATE,
  /** The first contact with its chain, or none in a row before it: nothing before is asked for. */
  BASELINE,
  /** From before the first contact, so nothing is known of it. */
  BEFORE_BASELINE,
  /** The first contact with a chain that says it follows one that is known. */
  RESTARTED,
  /** A new number of a chain that another one said it follows: its producer should be dead. */
  ZOMBIE,
  /** It came by another lane than its producer chose: its number tells nothing here. */
  OTHER_LANE
}
