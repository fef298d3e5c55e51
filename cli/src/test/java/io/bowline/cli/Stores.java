// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import java.time.Duration;
import java.util.List;

/** Puts into stores what members and relays would. */
final class Stores {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private Stores() {}

  /** A chain of lane 2 that misses 17 to 19, told or not. */
  static void miss(GapStore store, String topic, String group, boolean told) {
    Absent absent = new Absent(17, 19, 1_000, true, told, List.of(new KeyNumbers("user-7", 4, 5)));
    ChainState chain =
        new ChainState(
            "trade-service",
            0x1a2b,
            new Extent(1, 16, true),
            List.of(),
            List.of(),
            List.of(),
            List.of(absent),
            ChainState.Counts.NONE);
    GapStore.Claim claim = store.claim(new GroupLane(topic, group, 2));
    if (!store.save(claim, List.of(chain))) {
      throw new IllegalStateException("Another one claimed " + claim);
    }
  }

  /** A message that waits, and one whose key is parked. */
  static void parkOne(JdbcOutbox outbox) throws Exception {
    outbox.inTransaction(
        connection -> outbox.append(connection, Message.to("beans").key("user-7").text("100")));
    for (LaneLease lease : outbox.take("relay-1", outbox.lanes(), LEASE)) {
      for (OutboxRow row : outbox.read(lease, 10, 1_000)) {
        if (!outbox.park(lease, row, "too large")) {
          throw new IllegalStateException("Lease lost: " + lease);
        }
      }
    }
    outbox.leave("relay-1");
    outbox.inTransaction(
        connection -> outbox.append(connection, Message.to("beans").key("user-8").text("100")));
  }
}
