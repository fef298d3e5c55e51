// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

/** The readings of all lanes together, one at a time, by their numbers. Thread-safe. */
final class Readings {
  private volatile long begun;
  private volatile long done;

  /** One begins, of the one thread that reads. */
  void begin() {
    begun = begun() + 1;
  }

  /** What it showed is with the lanes. */
  void end() {
    done = begun;
  }

  /** The latest one that began: what ends now is shown by none after it. */
  long begun() {
    return begun;
  }

  /** The latest one that ended, all before it included. */
  long done() {
    return done;
  }
}
