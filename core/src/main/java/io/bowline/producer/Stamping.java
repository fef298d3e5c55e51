// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.StampCodec;
import io.bowline.transport.Outgoing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes one producer's stamps on its messages. Thread-safe. */
final class Stamping {
  private final StampCodec.Writer stamps;

  Stamping(String source, long epoch) {
    stamps = StampCodec.writer(source, epoch);
  }

  /** The message as it is handed to the transport, at every try. */
  Outgoing stamped(PendingSend send, Place place) {
    Message message = send.message;
    String stamp = stamps.write(send.id, send.keyNumber, send.laneNumber, send.digest);
    return new Outgoing(
        send.id,
        place.topic(),
        place.lane(),
        send.key,
        headers(message.headers(), stamp),
        message.body());
  }

  private static Map<String, String> headers(Map<String, String> theirs, String stamp) {
    if (theirs.isEmpty()) {
      return Map.of(StampCodec.HEADER, stamp);
    }
    Map<String, String> all = new LinkedHashMap<>();
    all.put(StampCodec.HEADER, stamp);
    all.putAll(theirs);
    return Collections.unmodifiableMap(all);
  }
}
