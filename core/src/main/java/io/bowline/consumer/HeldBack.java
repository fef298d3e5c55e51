// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * A message goes no further for now, by no fault of its own: it is kept and tried again, and
 * nothing is held against it.
 */
abstract sealed class HeldBack extends RuntimeException
    permits AttemptNotRecorded, ClaimBusy, DedupeFailed {
  private static final long serialVersionUID = 1;

  /** Without a stack, which says nothing. */
  HeldBack(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}
