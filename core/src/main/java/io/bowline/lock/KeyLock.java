// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import java.time.Duration;
import java.util.Optional;

/**
 * Locks by name, each held by one at a time among all processes that use the same store.
 *
 * <p>No lock of this kind proves anything at the moment of a write: its holder may stand still, in
 * a collection of garbage or asleep, until others have it. What proves it is the fencing token,
 * which only grows from one holder of a name to the next: whoever writes has it compared there, and
 * is refused if a greater one was seen ({@code JdbcFence}, or a condition of your own). Use the
 * lock to save work that would collide, and the token to be right. Source: M. Kleppmann, "How to do
 * distributed locking", 2016.
 *
 * <p>Thread-safe. A lock is not reentrant: whoever holds a name and takes it again waits like
 * everybody. Nobody is promised a turn; who waits longest may wait longer. The kit {@code
 * KeyLockConformance} of the testkit says whether an implementation is right.
 */
public interface KeyLock extends AutoCloseable {

  /**
   * Takes a lock, or waits until it is free.
   *
   * @param name what is locked, not empty; of any length
   * @param longest how long to wait for another holder; zero or less asks once
   * @return empty if others held it all the time
   * @throws InterruptedException if the thread is interrupted while it waits; nothing is held then
   * @throws IllegalStateException if this is closed
   * @throws RuntimeException if the store could not be asked; it may be held by nobody's use all
   *     the same, for one lease
   */
  Optional<HeldLock> take(String name, Duration longest) throws InterruptedException;

  /** Gives all back that is held, and takes nothing more. Does not throw. */
  @Override
  void close();
}
