// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the calling of handlers.
 *
 * @param virtualThreads null if nothing was said
 * @param maxParkedKeys 0 if no key is ever parked
 */
record HandlerSettings(
    @Nullable Boolean virtualThreads, FailureClasses failures, int maxParkedKeys) {

  /** What holds if nothing is said. */
  static final HandlerSettings STANDARD = new HandlerSettings(null, FailureClasses.DEFAULT, 0);

  HandlerSettings virtualThreads(boolean on) {
    if (on) {
      VirtualThreads.require();
    }
    return new HandlerSettings(on, failures, maxParkedKeys);
  }

  HandlerSettings failures(FailureClasses classes) {
    return new HandlerSettings(virtualThreads, classes, maxParkedKeys);
  }

  HandlerSettings maxParkedKeys(int most) {
    return new HandlerSettings(virtualThreads, failures, most);
  }
}
