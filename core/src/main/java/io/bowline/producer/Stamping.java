// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.StampCodec;
import io.bowline.message.Watermark;
import io.bowline.transport.Outgoing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Writes one producer's stamps on its messages. Thread-safe. */
final class Stamping {
  private static final byte[] NO_BODY = {};

  private final Source source;
  private final StampCodec.Writer stamps;
  private final long previousEpoch;
  private final AtomicLong watermarks = new AtomicLong();

  /** A producer's stable name and its incarnation. */
  record Source(String name, long epoch) {}

  Stamping(Incarnation life) {
    this.source = new Source(life.source(), life.epoch());
    stamps = StampCodec.writer(life.source(), life.epoch());
    previousEpoch = life.previous();
  }

  /** As in {@link io.bowline.message.LaneNumber}. */
  long previousEpoch() {
    return previousEpoch;
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

  /** A watermark as it is handed to the transport. */
  Outgoing marked(Place place, Function<Source, Watermark> mark) {
    String id = Long.toHexString(source.epoch) + "-w" + watermarks.incrementAndGet();
    Map<String, String> headers = Map.of(Watermark.HEADER, mark.apply(source).text());
    return new Outgoing(id, place.topic(), place.lane(), null, headers, NO_BODY);
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
