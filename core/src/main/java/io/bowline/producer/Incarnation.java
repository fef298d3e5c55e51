// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.machine.Machine;
import io.bowline.message.LaneNumber;
import java.util.OptionalLong;

/**
 * One life of a source: from the opening of a producer to its close.
 *
 * @param epoch greater than those before it
 * @param previous the epoch that it follows; {@link LaneNumber#NOT_KNOWN} if that is not known
 * @param remembers hears of its end
 */
record Incarnation(String source, long epoch, long previous, EpochStore remembers) {

  /** A new one. */
  static Incarnation begin(String source, EpochStore store, Machine machine) {
    // 43 bits of milliseconds above 20 random ones: later ones are greater, and two are not equal.
    long epoch = (machine.clock().millis() << 20) | machine.random().nextInt(1 << 20);
    OptionalLong before = store.begin(source, epoch);
    if (before.isPresent() && before.getAsLong() >= epoch) { // the clock was moved back
      epoch = before.getAsLong() + 1;
      OptionalLong unused = store.begin(source, epoch);
    }
    return new Incarnation(source, epoch, before.orElse(LaneNumber.NOT_KNOWN), store);
  }

  void end() {
    remembers.end(source, epoch);
  }
}
