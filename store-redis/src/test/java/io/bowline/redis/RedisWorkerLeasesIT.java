// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.id.WorkerLeases;
import io.bowline.testkit.WorkerLeasesConformance;
import io.bowline.testkit.servers.Servers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Worker ids lent by a real Redis. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisWorkerLeasesIT extends WorkerLeasesConformance {
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
  protected WorkerLeases open(String name) {
    return RedisWorkerLeases.in(redis, name);
  }
}
