// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import io.bowline.testkit.AttemptStoreConformance;
import io.bowline.testkit.servers.Servers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts that are counted in a real Redis. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisAttemptStoreIT extends AttemptStoreConformance {
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
  protected AttemptStore open() {
    return RedisAttemptStore.in(redis);
  }

  @Test
  void aCountThatNobodyTouchesIsDroppedInTheEnd() {
    String topic = "topic-" + UUID.randomUUID();
    List<AttemptKey> message = List.of(new AttemptKey(topic, "billing", "m"));
    assertEquals(List.of(1), open().begin(message));
    RedisClient client = RedisClient.create(Servers.redis().address());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      long left = connection.sync().pttl("bowline:attempt:{" + topic + "/billing}:m");
      assertTrue(left > 0 && left <= RedisAttemptStore.KEPT.toMillis(), "left: " + left);
    } finally {
      client.shutdown();
    }
  }
}
