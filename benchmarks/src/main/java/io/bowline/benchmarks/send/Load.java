// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import java.time.Duration;
import java.util.Random;

/**
 * What is sent in a round: bodies of one size, under keys drawn evenly.
 *
 * @param size bytes of a body
 * @param window the most messages under way
 * @param time how long a round sends
 */
record Load(int size, int window, Duration time) {
  static final int KEYS = 10_000;

  /** Drawn once, and the same for all: the drawing costs no contestant anything. */
  private static final String[] DRAWN = drawn();

  private static String[] drawn() {
    Random random = new Random(42);
    String[] names = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      names[i] = "key-" + i;
    }
    String[] drawn = new String[1 << 17];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = names[random.nextInt(KEYS)];
    }
    return drawn;
  }

  /** The key of the message of this number. */
  static String key(long number) {
    return DRAWN[(int) (number & (DRAWN.length - 1))];
  }

  /** A body that does not compress. */
  byte[] body() {
    byte[] body = new byte[size];
    new Random(7).nextBytes(body);
    return body;
  }

  Load time(Duration other) {
    return new Load(size, window, other);
  }
}
