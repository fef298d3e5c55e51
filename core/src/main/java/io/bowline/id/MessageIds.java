// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/** Draws message ids. Thread-safe. */
@FunctionalInterface
public interface MessageIds {

  /** An id that was never drawn before, by this or any other process. */
  String next();
}
