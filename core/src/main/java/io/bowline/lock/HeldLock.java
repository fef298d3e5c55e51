// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

/**
 * A lock that was taken, until it is closed or lost. Thread-safe.
 *
 * <p>It is kept without help of its holder, for as long as its store can be reached; once it is
 * lost it stays so.
 */
public interface HeldLock extends AutoCloseable {

  /** What is locked. */
  String name();

  /**
   * The fencing token: above 0, and greater than that of every earlier holder of this name. Have it
   * compared where the effect is written.
   */
  long token();

  /**
   * Whether it is held still, as far as can be told here: a look at a counter, without asking
   * anybody. Right after the answer it may be no more.
   */
  boolean isHeld();

  /**
   * Has this run once if the lock is lost before it is closed; at once if it is lost already. It
   * runs on a thread that keeps other locks, so it must be short; it is told late by as much as the
   * process stood still.
   */
  void onLost(Runnable listener);

  /** Gives it back. Does nothing if it is lost or was closed. Does not throw. */
  @Override
  void close();
}
