// SPDX-License-Identifier: Apache-2.0
package io.bowline.sequence;

import io.bowline.message.Names;
import java.util.Objects;

/**
 * A key of a topic, whose messages are counted. Of any length and any letters.
 *
 * @param topic the topic
 * @param key the key; two keys are the same only if all their characters are
 */
public record SequenceKey(String topic, String key) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the topic is blank
   */
  public SequenceKey {
    Names.required("topic", topic);
    Objects.requireNonNull(key);
  }
}
