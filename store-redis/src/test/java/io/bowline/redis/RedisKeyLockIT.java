// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.testkit.KeyLockConformance;
import io.bowline.testkit.SeverableLeases;
import io.bowline.testkit.servers.Servers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Locks lent by a real Redis. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RedisKeyLockIT extends KeyLockConformance {
  private static RedisAccess redis;

  @BeforeAll
  static void connect() {
    redis = RedisAccess.connect(Servers.redis().address());
  }

  @AfterAll
  static void disconnect() {
    redis.close();
  }

  @Override
  protected Opened open(String realm, Duration lease) {
    return SeverableLeases.process(RedisLockLeases.in(redis, realm), lease);
  }
}
