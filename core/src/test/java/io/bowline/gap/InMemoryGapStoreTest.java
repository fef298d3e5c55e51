// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryGapStoreTest {
  private static final GroupLane LANE = new GroupLane("orders", "billing", 0);
  private final InMemoryGapStore store = new InMemoryGapStore();

  private static ChainState state(long epoch, long watermark) {
    Extent extent = new Extent(1, watermark, true);
    return new ChainState(
        "shop", epoch, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
  }

  @Test
  void whatWasSavedLastComesWithTheNextClaim() {
    Claim first = store.claim(LANE);
    assertEquals(List.of(), first.chains());
    assertTrue(store.save(first, List.of(state(7, 1), state(8, 5))));
    assertTrue(store.save(first, List.of(state(7, 2))));
    Claim second = store.claim(LANE);
    assertTrue(second.number() > first.number());
    assertEquals(List.of(state(8, 5), state(7, 2)), second.chains());
  }

  @Test
  void anEarlierClaimSavesNothing() {
    Claim first = store.claim(LANE);
    Claim second = store.claim(LANE);
    assertFalse(store.save(first, List.of(state(7, 1))));
    assertTrue(store.save(second, List.of()));
    assertEquals(List.of(), store.claim(LANE).chains());
  }

  @Test
  void groupsAndLanesAreKeptApart() {
    Claim claim = store.claim(LANE);
    assertTrue(store.save(claim, List.of(state(7, 1))));
    assertEquals(List.of(), store.claim(new GroupLane("orders", "billing", 1)).chains());
    assertEquals(List.of(), store.claim(new GroupLane("orders", "shipping", 0)).chains());
    assertTrue(store.save(claim, List.of()), "claims of others change nothing");
  }

  @Test
  void aReportReadsAllLanesAndClaimsNone() {
    Claim claim = store.claim(LANE);
    assertTrue(store.save(claim, List.of(state(7, 1), state(8, 2))));
    Claim other = store.claim(new GroupLane("orders", "billing", 4));
    assertTrue(store.save(other, List.of(state(9, 3))));
    assertTrue(
        store.save(store.claim(new GroupLane("orders", "shipping", 0)), List.of(state(1, 1))));
    assertEquals(
        Map.of(0, List.of(state(7, 1), state(8, 2)), 4, List.of(state(9, 3))),
        store.read("orders", "billing"));
    assertTrue(store.save(claim, List.of(state(7, 5))), "the claim still holds");
    assertEquals(Map.of(), store.read("letters", "billing"));
  }

  @Test
  void chainsOfALaneAreBounded() {
    Claim claim = store.claim(LANE);
    for (int epoch = 0; epoch <= InMemoryGapStore.MAX_CHAINS_OF_LANE; epoch++) {
      assertTrue(store.save(claim, List.of(state(epoch, 1))));
    }
    List<ChainState> kept = store.claim(LANE).chains();
    assertEquals(InMemoryGapStore.MAX_CHAINS_OF_LANE, kept.size());
    assertEquals(1, kept.get(0).epoch());
  }
}
