// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

/** What may be a name: of a topic, a group, a source, a header. */
public final class Names {
  private Names() {}

  /**
   * Checks that a name is there.
   *
   * @throws IllegalArgumentException if the name is null, empty or blank, saying what it should
   *     name
   */
  public static String required(String what, String name) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("A " + what + " is needed, but it was empty");
    }
    return name;
  }

  static String header(String name) {
    required("header name", name);
    if (name.length() > Message.MAX_HEADER_NAME) {
      throw new IllegalArgumentException(
          "Header name of "
              + name.length()
              + " characters: the longest that every broker carries"
              + " is "
              + Message.MAX_HEADER_NAME);
    }
    if (!name.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "Header name '"
              + name
              + "': only printable ASCII without spaces is carried by every"
              + " broker");
    }
    if (name.equals(StampCodec.HEADER) || name.equals(Watermark.HEADER)) {
      throw new IllegalArgumentException(
          "Header '" + name + "' is written by Bowline itself; choose another name");
    }
    return name;
  }
}
