// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.Received;
import io.bowline.message.Stamp.KeyNumber;
import org.jspecify.annotations.Nullable;

/** Keeps the last number of each key, to name the keys of what is missing in a lane. Pure. */
final class LaneKeys {
  private final KeyTable keys;

  LaneKeys(KeyTable keys) {
    this.keys = keys;
  }

  /** A message arrived, with this number in its lane. */
  void arrived(Received message, @Nullable KeyNumber number, long inLane, LaneTrack chain) {
    String key = message.key().orElse(null);
    if (key == null || number == null) {
      return;
    }
    long hash = KeyTable.hash(key, chain.salt);
    long sequence = number.sequence();
    if (!keys.find(hash)) {
      keys.add(hash, sequence, inLane);
      return;
    }
    long last = keys.sequence(sequence);
    if (sequence <= last) {
      return; // late, or a duplicate
    }
    if (sequence > last + 1 && !number.first() && chain.misses()) {
      long to = number.voided() > 0 ? number.firstVoided() - 1 : sequence - 1;
      if (to > last) {
        chain.name(keys.laneSequence(inLane), inLane, new KeyNumbers(key, last + 1, to));
      }
    }
    keys.update(sequence, inLane);
  }
}
