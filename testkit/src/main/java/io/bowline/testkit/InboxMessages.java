// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import java.util.Map;

/** Messages as a consumer hands them to its handler. */
final class InboxMessages {
  private InboxMessages() {}

  /** One that Bowline sent. */
  static Received stamped(String topic, String key, String id) {
    String stamp = StampCodec.write(new Stamp(id, "trade", 1, null));
    Origin origin = new Origin(topic, 0, "0", topic + "/0/0");
    return Received.of(origin, key, Map.of(StampCodec.HEADER, stamp), bytes(id));
  }

  /** One that a plain client sent. */
  static Received plain(String topic, String nativeId) {
    return Received.of(new Origin(topic, 0, "0", nativeId), "key", Map.of(), bytes(nativeId));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
