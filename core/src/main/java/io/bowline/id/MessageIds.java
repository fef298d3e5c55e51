// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Duration;

/**
 * Draws message ids. Thread-safe. The ways to do so, and what breaks the uniqueness of each, are in
 * {@code docs/ids.md}.
 */
@FunctionalInterface
public interface MessageIds {

  /**
   * An id that was never drawn before, by this or any other process. An implementation that waits,
   * for a clock or a store, bounds its waits itself.
   *
   * @throws IdsUnavailable if none can be drawn now; a producer then rejects the message
   */
  String next();

  /**
   * As {@link #next()}, and waits no longer than this: what a producer calls, with the time that
   * its {@code send} may still block. To be overridden by an implementation that waits; by default
   * it is {@link #next()}.
   */
  default String next(Duration longest) {
    return next();
  }
}
