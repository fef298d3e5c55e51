// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.message.LaneNumber.Range;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a group completed, kept for one service after another. */
final class SharedGapStoreTest {
  private static final GroupLane LANE = new GroupLane("orders", "billing", 3);
  private static final ChainState CHAIN =
      new ChainState(
          "shop",
          7,
          new ChainState.Extent(2, 9, true),
          List.of(5L, -1L),
          List.of(new Range(3, 4)),
          List.of(new Range(6, 6)),
          List.of(new Absent(8, 8, 1_000, true, false, List.of(new KeyNumbers("k", 1, 2)))),
          new ChainState.Counts(List.of(new Range(9, 9)), 4));

  private static ChainState next(long epoch) {
    return new ChainState(
        "shop",
        epoch,
        new ChainState.Extent(1, 1, false),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        ChainState.Counts.NONE);
  }

  @Test
  void theNextServiceFindsWhatTheLastOneSaved() throws IOException {
    try (SharedGapStore shared = new SharedGapStore()) {
      try (DistantGapStore first = new DistantGapStore(shared.port())) {
        Claim claim = first.claim(LANE);
        assertEquals(List.of(), claim.chains());
        assertTrue(first.save(claim, List.of(CHAIN, next(8))));
      }
      try (DistantGapStore next = new DistantGapStore(shared.port())) {
        assertEquals(Set.of(CHAIN, next(8)), Set.copyOf(next.claim(LANE).chains()));
      }
    }
  }

  @Test
  void anEarlierClaimSavesNothingMore() throws IOException {
    try (SharedGapStore shared = new SharedGapStore();
        DistantGapStore first = new DistantGapStore(shared.port());
        DistantGapStore second = new DistantGapStore(shared.port())) {
      Claim old = first.claim(LANE);
      Claim other = first.claim(new GroupLane("orders", "billing", 4));
      Claim newer = second.claim(LANE);
      assertFalse(first.save(old, List.of(CHAIN)));
      assertTrue(first.save(other, List.of(CHAIN)));
      assertTrue(second.save(newer, List.of()));
      assertEquals(List.of(), second.claim(LANE).chains());
    }
  }
}
