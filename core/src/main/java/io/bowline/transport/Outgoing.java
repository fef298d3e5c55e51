// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a transport is to write it: complete, numbered and with its lane chosen.
 *
 * @param messageId the id, also inside the stamp header; the same at every try
 * @param topic the topic
 * @param lane the lane, from 0 to {@code lanes(topic) - 1}
 * @param key the key, or null
 * @param headers all headers, the stamp's included, in order; names are printable ASCII, values any
 *     Unicode text
 * @param body the body, never changed by a transport; may be empty
 */
public record Outgoing(
    String messageId,
    String topic,
    int lane,
    @Nullable String key,
    Map<String, String> headers,
    byte[] body) {

  /** Names where it goes and sizes, never the body or a header's value. */
  @Override
  public String toString() {
    return "Outgoing[id="
        + messageId
        + ", topic="
        + topic
        + ", lane="
        + lane
        + ", key="
        + key
        + ", headers="
        + headers.keySet()
        + ", body="
        + body.length
        + " bytes]";
  }
}
