// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * For what must cost no message: telling of failures that user code made, and may be unprintable.
 */
final class Quietly {
  private Quietly() {}

  static void run(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException | Error untold) {
      // Nobody is left to be told, and the work goes on.
    }
  }
}
