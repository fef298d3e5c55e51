// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import java.util.Map;

/** Messages as they arrive. */
final class Bodies {
  private Bodies() {}

  static Received of(String json) {
    return of(json.getBytes(UTF_8), Map.of());
  }

  static Received of(byte[] body, Map<String, String> headers) {
    return Received.of(new Origin("orders", 3, "17", "orders/3/17"), "k", headers, body);
  }
}
