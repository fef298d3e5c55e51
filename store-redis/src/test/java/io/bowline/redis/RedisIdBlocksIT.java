// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.id.IdBlocks;
import io.bowline.testkit.IdBlocksConformance;
import io.bowline.testkit.servers.Servers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Numbers of counters of a real Redis. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisIdBlocksIT extends IdBlocksConformance {
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
  protected IdBlocks open(String counter) {
    return RedisIdBlocks.in(redis, counter);
  }
}
