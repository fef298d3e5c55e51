// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.transport.ScriptedSubscription.Written;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Works for tests. */
final class Works {
  private Works() {}

  static Work of(LaneWork lane, @Nullable String key, int bytes) {
    return of(lane, key, bytes, finished -> {});
  }

  static Work of(LaneWork lane, @Nullable String key, Consumer<Work> finished) {
    return of(lane, key, 0, finished);
  }

  /** One with this message id in its stamp. */
  static Work stamped(LaneWork lane, String id) {
    Map<String, String> headers =
        Map.of(StampCodec.HEADER, StampCodec.write(new Stamp(id, "shop", 1, null)));
    Written delivery = new Written(lane.lane, null, headers, new byte[0], "0");
    Origin origin = new Origin("orders", lane.lane, "0", "id");
    Received message = Received.of(origin, null, headers, delivery.body());
    return new Work(delivery, lane, message, finished -> {});
  }

  private static Work of(LaneWork lane, @Nullable String key, int bytes, Consumer<Work> finished) {
    Written delivery = new Written(lane.lane, key, Map.of(), new byte[bytes], "0");
    Origin origin = new Origin("orders", lane.lane, "0", "id");
    Received message = Received.of(origin, key, delivery.headers(), delivery.body());
    return new Work(delivery, lane, message, finished);
  }
}
