// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

/** A name that is a key of a table as it is: short, and the same in every character set. */
final class ShortName {
  /** The longest: 64 characters. */
  static final int LONGEST = 64;

  private ShortName() {}

  /**
   * Checks one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String checked(String what, String name) {
    if (name.isEmpty()
        || name.length() > LONGEST
        || !name.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
      throw new IllegalArgumentException(
          "The name of "
              + what
              + " has from 1 to "
              + LONGEST
              + " printable ASCII characters without spaces, but it was '"
              + name
              + "'");
    }
    return name;
  }
}
