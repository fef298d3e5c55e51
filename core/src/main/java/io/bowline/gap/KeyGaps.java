// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.KeyChain.MissingRange;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Missing numbers of keys, for messages whose producers give no numbers of lanes. Only keys that
 * miss something have an object. Pure.
 */
final class KeyGaps {
  private final KeyTable keys;
  private final Map<KeyId, KeyChain> waiting = new HashMap<>();
  private final Map<Integer, Long> salts = new HashMap<>();
  private long assignments;

  /** A key of one producer's incarnation, by the lane it came. */
  record KeyId(int lane, String source, long epoch, String key) {}

  KeyGaps(KeyTable keys) {
    this.keys = keys;
  }

  void arrived(int lane, Received message, Stamp stamp, long now) {
    KeyNumber number = stamp.number();
    String key = message.key().orElse(null);
    if (number == null || key == null) {
      return;
    }
    long chain = stamp.source().hashCode() * 31L + stamp.epoch();
    long hash = KeyTable.hash(key, chain * 0x9E3779B97F4A7C15L + salt(lane));
    long sequence = number.sequence();
    long last = 0;
    if (!keys.find(hash)) {
      keys.add(hash, sequence, 0);
    } else {
      last = keys.sequence(sequence);
      keys.update(Math.max(last, sequence), 0);
    }
    boolean jumps = last > 0 && sequence > last + 1;
    if (jumps || !waiting.isEmpty()) {
      look(new KeyId(lane, stamp.source(), stamp.epoch(), key), number, jumps ? last : 0, now);
    }
  }

  /** Another one for each assignment of a lane, so that what is known ends with it. */
  private long salt(int lane) {
    return salts.computeIfAbsent(lane, fresh -> - ++assignments);
  }

  private void look(KeyId id, KeyNumber number, long jumpedFrom, long now) {
    KeyChain chain = waiting.get(id);
    if (chain == null && jumpedFrom > 0) {
      chain = new KeyChain(new KeyNumber(jumpedFrom, 0, false));
    }
    if (chain == null) {
      return;
    }
    chain.arrived(number, Instant.ofEpochMilli(now));
    if (chain.waiting()) {
      waiting.put(id, chain);
    } else {
      waiting.remove(id);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Tells what is missing since before this moment, once. */
  void due(long before, BiConsumer<KeyId, MissingRange> tell) {
    Instant moment = Instant.ofEpochMilli(before);
    waiting.forEach((id, chain) -> chain.due(moment).forEach(range -> tell.accept(id, range)));
    waiting.values().removeIf(chain -> !chain.waiting());
  }

  void forget(Set<Integer> lanes) {
    salts.keySet().removeAll(lanes);
    waiting.keySet().removeIf(id -> lanes.contains(id.lane));
  }
}
