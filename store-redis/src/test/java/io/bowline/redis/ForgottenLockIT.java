// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.lock.LockLease;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks of a Redis that crashes, and of one that loses what it was told. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ForgottenLockIT {
  private static final Duration HOUR = Duration.ofHours(1);

  private final BrokerServer server = LocalRedis.startNew();
  private final RedisAccess redis = RedisAccess.connect(server.address());
  private final RedisLockLeases leases = RedisLockLeases.in(redis, "forgotten");

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  private Optional<LockLease> taken() {
    return leases.take("u1", UUID.randomUUID().toString(), HOUR);
  }

  @Test
  void aLockThatRedisForgotGoesToASecondHolderWithAGreaterToken() {
    LockLease first = taken().orElseThrow();
    RedisClient client = RedisClient.create(server.address());
    try {
      assertEquals("OK", client.connect().sync().flushall());
    } finally {
      client.shutdown();
    }
    LockLease second = taken().orElseThrow();
    assertTrue(second.token() > first.token(), () -> second + " after " + first);
    assertFalse(leases.renew(first, HOUR), "the first is told at its next renewal");
    leases.giveBack(first);
    assertEquals(Optional.empty(), taken(), "the first frees nobody else's");
  }

  @Test
  void aLockOutlivesTheKillOfARedisThatWritesToItsDisk() {
    LockLease held = taken().orElseThrow();
    server.kill();
    server.start();
    assertTrue(Patiently.ask(() -> leases.renew(held, HOUR)));
    assertEquals(Optional.empty(), taken());
    leases.giveBack(held);
    assertTrue(taken().orElseThrow().token() > held.token());
  }
}
