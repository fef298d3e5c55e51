// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore.Answer;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What took effect, with a Redis that is killed or forgets. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class DedupeRestartIT {
  private static final DedupeKey DONE = new DedupeKey("orders", "billing", "done");
  private static final DedupeKey CLAIMED = new DedupeKey("orders", "billing", "claimed");

  private final BrokerServer server = LocalRedis.startNew();
  private final RedisAccess redis = RedisAccess.connect(server.address());
  private final RedisDedupeStore store = RedisDedupeStore.in(redis).lease(Duration.ofHours(1));

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  private Claim claim(DedupeKey message) {
    return assertInstanceOf(Answer.Mine.class, store.claim(message)).claim();
  }

  @Test
  void aRedisThatWritesItsLogKnowsAfterAKillWhatItWasTold() {
    assertTrue(store.done(claim(DONE)));
    Claim claim = claim(CLAIMED);
    server.kill();
    assertThrows(RedisStoreException.class, () -> store.claim(DONE));
    assertThrows(RedisStoreException.class, () -> store.done(claim));
    server.start();
    assertInstanceOf(Answer.Done.class, Patiently.ask(() -> store.claim(DONE)));
    assertInstanceOf(Answer.Busy.class, store.claim(CLAIMED));
    assertTrue(store.done(claim));
  }

  /** As a failover to a replica that did not have it yet, or an eviction. */
  @Test
  void whatRedisForgotTakesEffectAgainAndAClaimThatItForgotIsInDoubt() {
    assertTrue(store.done(claim(DONE)));
    Claim forgotten = claim(CLAIMED);
    RedisClient client = RedisClient.create(server.address());
    try (var connection = client.connect()) {
      assertEquals("OK", connection.sync().flushall());
    } finally {
      client.shutdown();
    }
    assertEquals(DONE, claim(DONE).message());
    assertFalse(store.done(forgotten));
    assertInstanceOf(Answer.Done.class, store.claim(CLAIMED));
  }
}
