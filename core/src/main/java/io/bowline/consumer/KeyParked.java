// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * Why a message is among the dead letters that no handler has seen: an earlier one of its key is
 * there, and order survives by {@link ConsumerBuilder#parkKey}. Its name is in the dead letter.
 */
public final class KeyParked extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param first the id of the message that the key was parked for
   */
  KeyParked(String first) {
    super(
        "It follows message " + first + " of its key, which was dead-lettered", null, false, false);
  }
}
