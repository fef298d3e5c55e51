// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/** What became of the wish to miss a gap no more. */
public enum Dismissal {
  /** Its numbers, as far as they were open, are missed no more. */
  DISMISSED,
  /** None of its numbers is open: they came, were explained or dismissed, or were never missed. */
  NOT_OPEN,
  /** Its lane is not held by this member: ask the one that holds it. */
  NOT_HELD
}
