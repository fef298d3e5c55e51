// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.DedupeStore.Answer;
import io.bowline.testkit.DedupeStoreConformance;
import io.bowline.testkit.servers.Servers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What took effect, remembered in a real Redis. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RedisDedupeStoreIT extends DedupeStoreConformance {
  private static RedisAccess redis;

  @BeforeAll
  static void connect() {
    redis = RedisAccess.connect(Servers.redis().address());
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  @Override
  protected DedupeStore open(Duration lease) {
    return RedisDedupeStore.in(redis).lease(lease);
  }

  @Test
  void whatIsDoneIsForgottenAfterTheTimeThatItIsRemembered() {
    RedisDedupeStore store = RedisDedupeStore.in(redis).remembers(Duration.ofDays(15));
    DedupeKey message = new DedupeKey("topic-" + UUID.randomUUID(), "billing", "m/1");
    Answer.Mine mine = assertInstanceOf(Answer.Mine.class, store.claim(message));
    assertTrue(store.done(mine.claim()));
    RedisClient client = RedisClient.create(Servers.redis().address());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      long left = connection.sync().pttl("bowline:dedupe:{" + message.topic() + "/billing/m%2F1}");
      long day = Duration.ofDays(1).toMillis();
      assertTrue(left > 14 * day && left <= 15 * day + 60_000, "left: " + left);
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aTimeThatIsTooShortIsRefused() {
    RedisDedupeStore store = RedisDedupeStore.in(redis);
    assertThrows(IllegalArgumentException.class, () -> store.lease(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> store.remembers(Duration.ofNanos(7)));
    assertEquals(Duration.ofDays(30), store.remembers());
  }
}
