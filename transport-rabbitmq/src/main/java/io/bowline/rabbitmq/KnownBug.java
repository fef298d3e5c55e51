// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that RabbitMQ does wrong from one version on, and right from another one on. Pure.
 *
 * @param from the first version that does it
 * @param mended the first one that does not
 * @param what happens, in one sentence, with the number of its issue at rabbitmq-server
 */
record KnownBug(Version from, Version mended, String what) {
  /** What costs messages or stops a quorum queue, and is known. */
  static final List<KnownBug> ALL =
      List.of(
          new KnownBug(
              new Version(4, 0, 0),
              new Version(4, 0, 7),
              "The logs of a quorum queue's members may part after an election, and messages are"
                  + " lost (rabbitmq-server #13326)."),
          new KnownBug(
              new Version(4, 3, 0),
              new Version(4, 3, 6),
              "A queue of which all consumers timed out hands out nothing until they are gone"
                  + " (rabbitmq-server #17317)."));

  /** The first bug that a version has. */
  static Optional<KnownBug> of(Version version) {
    return ALL.stream()
        .filter(bug -> version.compareTo(bug.from) >= 0 && version.compareTo(bug.mended) < 0)
        .findFirst();
  }

  /** A server's version, without what stands behind its three numbers. */
  record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

    /** From {@code 4.0.5+3}; empty if it begins otherwise. */
    static Optional<Version> parse(String text) {
      Matcher numbers = NUMBERS.matcher(text);
      return numbers.lookingAt() ? Optional.of(of(numbers)) : Optional.empty();
    }

    private static Version of(Matcher numbers) {
      return new Version(number(numbers, 1), number(numbers, 2), number(numbers, 3));
    }

    private static int number(Matcher numbers, int group) {
      return Integer.parseInt(numbers.group(group));
    }

    @Override
    public int compareTo(Version other) {
      return Arrays.compare(
          new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }
}
