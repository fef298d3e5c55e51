// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.testkit.GapStoreConformance;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was completed, kept in a real Redis that is killed and frozen. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RedisGapStoreIT extends GapStoreConformance {
  private static BrokerServer server;
  private static RedisAccess one;
  private static RedisAccess other;
  private int opened;

  @BeforeAll
  static void startRedis() {
    server = LocalRedis.startNew();
    one = RedisAccess.connect(server.address());
    other = RedisAccess.connect(server.address());
  }

  @AfterAll
  static void closeRedis() {
    one.close();
    other.close();
    server.close();
  }

  @Override
  protected GapStore open() {
    return RedisGapStore.in(opened++ % 2 == 0 ? one : other);
  }

  @Override
  protected Optional<BrokerServer> server() {
    return Optional.of(server);
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

  @Test
  void ofALaneTheChainsSavedLastAreKept() {
    GapStore store = open();
    Claim claim = store.claim(new GroupLane("crowded", "billing", 0));
    for (int epoch = 0; epoch <= RedisGapStore.MAX_CHAINS_OF_LANE; epoch++) {
      assertTrue(store.save(claim, List.of(chain(epoch))));
    }
    List<ChainState> kept = store.claim(claim.lane()).chains();
    assertEquals(RedisGapStore.MAX_CHAINS_OF_LANE, kept.size());
    assertEquals(1, kept.get(0).epoch());
  }

  /** Such a save timed out, and lay in the network while the next one was done. */
  @Test
  void aSaveThatComesLateDoesNothing() {
    RedisGapStore store = RedisGapStore.in(one);
    Claim claim = store.claim(new GroupLane("late", "billing", 0));
    assertTrue(store.save(claim, List.of(chain(7)), 2));
    assertTrue(store.save(claim, List.of(chain(8)), 1));
    assertEquals(List.of(chain(7)), store.claim(claim.lane()).chains());
  }

  /** A replica that takes over may know less than was answered. */
  @Test
  void aFailoverThatForgotAClaimLeavesOneHolder() {
    GroupLane lane = new GroupLane("forgotten", "billing", 0);
    GapStore first = open();
    GapStore second = open();
    Claim before = first.claim(lane);
    forget();
    Claim after = second.claim(lane);
    assertEquals(before.number(), after.number(), "the scene: the same number twice");
    assertFalse(first.save(before, List.of(chain(7))));
    assertTrue(second.save(after, List.of(chain(8))));
  }

  private static void forget() {
    RedisClient client = RedisClient.create(server.address());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      connection.sync().flushall();
    } finally {
      client.shutdown();
    }
  }
}
