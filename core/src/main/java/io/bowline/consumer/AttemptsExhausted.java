// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * Why a message is among the dead letters although no handler failed on it in this process: so many
 * attempts began, and none ended well, perhaps since each ended its process. Its name is in the
 * dead letter.
 */
public final class AttemptsExhausted extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param attempts how many began before
   */
  AttemptsExhausted(int attempts) {
    super(
        attempts
            + " attempts at it began, and none ended well: perhaps each ended its process. See what"
            + " these said last",
        null,
        false,
        false);
  }
}
