// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptStore;
import io.bowline.dedupe.DedupeStore;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the calling of handlers.
 *
 * @param virtualThreads null if nothing was said
 * @param maxParkedKeys 0 if no key is ever parked
 * @param attempts null if no store counts attempts
 * @param dedupe null if nothing remembers what took effect
 * @param window how long what took effect may come again
 */
record HandlerSettings(
    @Nullable Boolean virtualThreads,
    FailureClasses failures,
    int maxParkedKeys,
    @Nullable AttemptStore attempts,
    @Nullable DedupeStore dedupe,
    Window window) {

  /** What holds if nothing is said. */
  static final HandlerSettings STANDARD =
      new HandlerSettings(null, FailureClasses.DEFAULT, 0, null, null, Window.STANDARD);

  HandlerSettings virtualThreads(boolean on) {
    if (on) {
      VirtualThreads.require();
    }
    return new HandlerSettings(on, failures, maxParkedKeys, attempts, dedupe, window);
  }

  HandlerSettings failures(FailureClasses classes) {
    return new HandlerSettings(virtualThreads, classes, maxParkedKeys, attempts, dedupe, window);
  }

  HandlerSettings maxParkedKeys(int most) {
    return new HandlerSettings(virtualThreads, failures, most, attempts, dedupe, window);
  }

  HandlerSettings attempts(AttemptStore store) {
    return new HandlerSettings(virtualThreads, failures, maxParkedKeys, store, dedupe, window);
  }

  HandlerSettings window(Window said) {
    return new HandlerSettings(virtualThreads, failures, maxParkedKeys, attempts, dedupe, said);
  }

  HandlerSettings dedupe(DedupeStore store) {
    return new HandlerSettings(virtualThreads, failures, maxParkedKeys, attempts, store, window);
  }
}
