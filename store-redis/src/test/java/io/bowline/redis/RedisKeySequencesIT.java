// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.sequence.KeySequences;
import io.bowline.testkit.KeySequencesConformance;
import io.bowline.testkit.servers.Servers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Numbers of keys that a real Redis counts. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisKeySequencesIT extends KeySequencesConformance {
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
  protected KeySequences open() {
    return RedisKeySequences.in(redis);
  }
}
