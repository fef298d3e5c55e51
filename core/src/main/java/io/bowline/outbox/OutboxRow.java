// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.message.Message;
import java.util.Objects;

/**
 * A message that waits in an outbox.
 *
 * @param id its place: within a lane rows are sent in the order of these
 * @param number the number of its key, as it was drawn when it was appended; 0 for none
 * @param message what is sent, with its message id
 * @param again whether it was sent before under that number, and is sent again
 */
public record OutboxRow(long id, long number, Message message, boolean again) {
  /**
   * One that was not sent before, as far as the store knows.
   *
   * @throws IllegalArgumentException if the message has no id, or the number is negative
   */
  public OutboxRow(long id, long number, Message message) {
    this(id, number, message, false);
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the message has no id, or the number is negative
   */
  public OutboxRow {
    Objects.requireNonNull(message);
    if (message.id().isEmpty() || number < 0) {
      throw new IllegalArgumentException(
          "Row " + id + " of an outbox has a message id, and no negative number: " + message);
    }
  }

  /** What waits for it, and for which it waits: its key in its topic, or it alone without key. */
  Object line() {
    return message.key().<Object>map(key -> new Line(message.topic(), key)).orElse(id);
  }

  int size() {
    return message.body().length;
  }

  private record Line(String topic, String key) {}
}
