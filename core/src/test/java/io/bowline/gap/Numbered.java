// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages of topic {@code orders} as they arrive, one part said and the rest as usual. */
record Numbered(
    int lane, String source, long epoch, @Nullable String key, @Nullable KeyNumber ofKey) {

  static final Numbered USUAL = new Numbered(0, "shop", 7, null, null);

  Numbered lane(int other) {
    return new Numbered(other, source, epoch, key, ofKey);
  }

  Numbered source(String other) {
    return new Numbered(lane, other, epoch, key, ofKey);
  }

  Numbered epoch(long other) {
    return new Numbered(lane, source, other, key, ofKey);
  }

  Numbered key(String name, long number) {
    return key(name, new KeyNumber(number, 0, false));
  }

  Numbered key(String name, KeyNumber number) {
    return new Numbered(lane, source, epoch, name, number);
  }

  /** Before which everything has its outcome. */
  Received at(long sequence) {
    return at(LaneNumber.of(lane, sequence));
  }

  /** Before which so many are not promised. */
  Received open(long sequence, long open, Range... voided) {
    return at(new LaneNumber(lane, sequence, open, List.of(voided), 0, LaneNumber.NOT_KNOWN));
  }

  Received at(@Nullable LaneNumber number) {
    Stamp stamp = new Stamp("id", source, epoch, ofKey, number, Stamp.NO_DIGEST);
    Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
    return Received.of(new Origin("orders", lane, "0", "id"), key, headers, new byte[0]);
  }
}
