// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.transport.ScriptedSubscription;
import java.util.List;
import java.util.Map;

/** Messages of source shop that are numbered in lane 0, each with its number as text. */
final class Numbers {
  private static final GroupLane PLACE = new GroupLane("orders", "billing", 0);

  private Numbers() {}

  static void deliver(ScriptedSubscription member, long... numbers) {
    for (long number : numbers) {
      Stamp stamp =
          new Stamp("id-" + number, "shop", 1, null, LaneNumber.of(0, number), Stamp.NO_DIGEST);
      Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
      member.deliver(0, "k", Long.toString(number), headers); // one after another
    }
  }

  /** Keeps something of lane 0, so that a chain of it which was not kept is new. */
  static void know(GapStore store) {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    ChainState other =
        new ChainState(
            "kept", 1, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
    assertTrue(store.save(store.claim(PLACE), List.of(other)));
  }

  /** What is kept of the messages' chain. */
  static ChainState kept(GapStore store) {
    return store.read("orders", "billing").getOrDefault(0, List.of()).stream()
        .filter(chain -> chain.source().equals("shop"))
        .findFirst()
        .orElseThrow();
  }
}
