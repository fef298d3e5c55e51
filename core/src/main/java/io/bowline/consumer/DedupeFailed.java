// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/** The dedupe store did not do what the message needs next. */
final class DedupeFailed extends HeldBack {
  private static final long serialVersionUID = 1;

  private DedupeFailed(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }

  /** It was not claimed, so its handler was not called. */
  static DedupeFailed toClaim(Throwable cause) {
    return new DedupeFailed("The dedupe store did not claim the message", cause);
  }

  /** It took effect, which the store does not know, so it is not acknowledged. */
  static DedupeFailed toSayDone(Throwable cause) {
    return new DedupeFailed(
        "The message took effect, and the dedupe store did not write that down", cause);
  }
}
