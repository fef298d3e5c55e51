// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.testkit.GapStoreConformance;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What was completed, kept in an H2 of this process. */
final class JdbcGapStoreTest extends GapStoreConformance {
  private static final DataSource DATABASE = TestDatabases.h2();

  @Override
  protected GapStore open() {
    JdbcSchema.of(DATABASE).create();
    return JdbcGapStore.in(DATABASE);
  }

  @Test
  void ofALaneTheChainsSavedLastAreKept() {
    GapStore store = open();
    Claim claim = store.claim(new GroupLane("crowded", "billing", 0));
    int more = JdbcGapStore.MAX_CHAINS_OF_LANE + 5;
    assertTrue(store.save(claim, IntStream.range(0, 5).mapToObj(i -> chain(i)).toList()));
    assertTrue(store.save(claim, IntStream.range(5, more).mapToObj(i -> chain(i)).toList()));
    Claim next = store.claim(claim.lane());
    assertEquals(
        IntStream.range(5, more).mapToObj(i -> (long) i).collect(toSet()),
        next.chains().stream().map(ChainState::epoch).collect(toSet()));
    int kept = store.read("crowded", "billing").getOrDefault(0, List.of()).size();
    assertEquals(JdbcGapStore.MAX_CHAINS_OF_LANE, kept);
  }

  private static ChainState chain(long epoch) {
    return new ChainState(
        "shop",
        epoch,
        new Extent(1, 5, true),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Counts.NONE);
  }
}
