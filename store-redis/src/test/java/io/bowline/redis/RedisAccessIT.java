// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisAccessIT {
  private static final Script COUNT = Script.of("return {redis.call('INCR', KEYS[1])}");

  private static BrokerServer server;
  private final String key = "test:" + UUID.randomUUID();

  @BeforeAll
  static void startRedis() {
    server = LocalRedis.startNew();
  }

  @AfterAll
  static void closeRedis() {
    server.close();
  }

  private List<Object> count(RedisAccess redis) {
    return redis.run("Counting", COUNT, List.of(key));
  }

  @Test
  void aScriptIsDoneOnceACall() {
    try (RedisAccess redis = RedisAccess.connect(server.address())) {
      assertEquals(List.of(1L), count(redis));
      assertEquals(List.of(2L), count(redis));
    }
  }

  @Test
  void aClientThatWasGivenStaysOpen() {
    RedisClient client = RedisClient.create(server.address());
    try {
      RedisAccess.of(client).close();
      RedisAccess redis = RedisAccess.of(client);
      assertEquals(List.of(1L), count(redis));
      redis.close();
      assertThrows(RedisStoreException.class, () -> count(redis));
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aRedisThatIsKilledIsFoundAgain() {
    try (RedisAccess redis = RedisAccess.connect(server.address())) {
      assertEquals(List.of(1L), count(redis));
      server.kill();
      assertThrows(RedisStoreException.class, () -> count(redis));
      server.start();
      long last = countsAgain(redis);
      assertEquals(2, last, "what failed while it was away was not done later");
    }
  }

  private long countsAgain(RedisAccess redis) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try {
        return (Long) count(redis).get(0);
      } catch (RedisStoreException notYet) {
        assertFalse(System.nanoTime() - end > 0, () -> "still: " + notYet);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aRedisThatWasNeverThereMayStillCome() {
    try (RedisAccess redis = RedisAccess.connect(server.address())) {
      server.kill();
      assertThrows(RedisStoreException.class, () -> count(redis));
      server.start();
      assertEquals(1, countsAgain(redis));
    }
  }

  @Test
  void aFrozenRedisFailsInTime() {
    try (RedisAccess redis = RedisAccess.connect(server.address())) {
      assertEquals(List.of(1L), count(redis));
      server.pause();
      try {
        RedisStoreException told = assertThrows(RedisStoreException.class, () -> count(redis));
        assertTrue(String.valueOf(told.getMessage()).startsWith("Counting in Redis failed"));
      } finally {
        server.resume();
      }
      assertTrue(countsAgain(redis) <= 3);
    }
  }

  @Test
  void aWrongAddressIsNotToldWithItsPassword() {
    IllegalArgumentException told =
        assertThrows(
            IllegalArgumentException.class, () -> RedisAccess.connect("redis//:secret@host"));
    assertFalse(String.valueOf(told.getMessage()).contains("secret"));
    assertEquals(null, told.getCause());
  }
}
