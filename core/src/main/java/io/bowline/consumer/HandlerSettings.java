// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptStore;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the calling of handlers.
 *
 * @param virtualThreads null if nothing was said
 * @param maxParkedKeys 0 if no key is ever parked
 * @param attempts null if no store counts attempts
 */
record HandlerSettings(
    @Nullable Boolean virtualThreads,
    FailureClasses failures,
    int maxParkedKeys,
    @Nullable AttemptStore attempts) {

  /** What holds if nothing is said. */
  static final HandlerSettings STANDARD =
      new HandlerSettings(null, FailureClasses.DEFAULT, 0, null);

  HandlerSettings virtualThreads(boolean on) {
    if (on) {
      VirtualThreads.require();
    }
    return new HandlerSettings(on, failures, maxParkedKeys, attempts);
  }

  HandlerSettings failures(FailureClasses classes) {
    return new HandlerSettings(virtualThreads, classes, maxParkedKeys, attempts);
  }

  HandlerSettings maxParkedKeys(int most) {
    return new HandlerSettings(virtualThreads, failures, most, attempts);
  }

  HandlerSettings attempts(AttemptStore store) {
    return new HandlerSettings(virtualThreads, failures, maxParkedKeys, store);
  }
}
