// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.attempt.AttemptStore;
import io.bowline.dedupe.DedupeStore;
import io.bowline.gap.GapStore;
import io.bowline.id.IdBlocks;
import io.bowline.id.WorkerLeases;
import io.bowline.sequence.KeySequences;
import io.bowline.testkit.AttemptStoreConformance;
import io.bowline.testkit.DedupeStoreConformance;
import io.bowline.testkit.GapStoreConformance;
import io.bowline.testkit.IdBlocksConformance;
import io.bowline.testkit.KeyLockConformance;
import io.bowline.testkit.KeySequencesConformance;
import io.bowline.testkit.SeverableLeases;
import io.bowline.testkit.WorkerLeasesConformance;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** All stores on a Redis cluster of three, whose slots are spread over them. */
final class ClusterIT {
  private static RedisTrio cluster;
  private static RedisAccess redis;

  @BeforeAll
  static void start() {
    cluster = RedisTrio.start();
    redis = cluster.access();
  }

  @AfterAll
  static void close() {
    redis.close();
    cluster.close();
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Dedupe extends DedupeStoreConformance {
    @Override
    protected DedupeStore open(Duration lease) {
      return RedisDedupeStore.in(redis).lease(lease);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Locks extends KeyLockConformance {
    @Override
    protected Opened open(String realm, Duration lease) {
      return SeverableLeases.process(RedisLockLeases.in(redis, realm), lease);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Gaps extends GapStoreConformance {
    @Override
    protected GapStore open() {
      return RedisGapStore.in(redis);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Attempts extends AttemptStoreConformance {
    @Override
    protected AttemptStore open() {
      return RedisAttemptStore.in(redis);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Workers extends WorkerLeasesConformance {
    @Override
    protected WorkerLeases open(String name) {
      return RedisWorkerLeases.in(redis, name);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Numbers extends IdBlocksConformance {
    @Override
    protected IdBlocks open(String counter) {
      return RedisIdBlocks.in(redis, counter);
    }
  }

  @Nested
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final class Sequences extends KeySequencesConformance {
    @Override
    protected KeySequences open() {
      return RedisKeySequences.in(redis);
    }
  }
}
