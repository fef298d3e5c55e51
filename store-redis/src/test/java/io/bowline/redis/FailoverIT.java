// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore.Answer;
import io.bowline.lock.LockLease;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Redis that dies and is replaced by its replica, as a sentinel decides: what had reached the
 * replica is known, and what had not is forgotten, as the documents say.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class FailoverIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final DedupeKey EARLY = new DedupeKey("orders", "billing", "early");
  private static final DedupeKey LATE = new DedupeKey("orders", "billing", "late");

  private final BrokerServer primary = LocalRedis.startNew();
  private final BrokerServer replica =
      LocalRedis.startNew("--replicaof", "127.0.0.1", "" + port(primary));
  private final BrokerServer sentinel = LocalRedis.startSentinel("bowline", port(primary));
  private final RedisAccess redis = RedisAccess.connect(sentinel.address());
  private final RedisDedupeStore store = RedisDedupeStore.in(redis).lease(HOUR);
  private final RedisLockLeases locks = RedisLockLeases.in(redis, "failover");
  private final RedisClient aside = RedisClient.create(primary.address());
  private StatefulRedisConnection<String, String> direct;

  private static int port(BrokerServer server) {
    return URI.create(server.address()).getPort();
  }

  @BeforeEach
  void awaitReplica() {
    direct = aside.connect();
    patiently("the replica to follow", () -> replicated() ? Optional.of(true) : Optional.empty());
    patiently("the sentinel to see the replica", this::seenReplica);
  }

  @AfterEach
  void close() {
    redis.close();
    aside.shutdown();
    sentinel.close();
    replica.close();
    primary.close();
  }

  private boolean replicated() {
    return direct.sync().waitForReplication(1, 100) == 1;
  }

  private Optional<Boolean> seenReplica() {
    RedisClient client = RedisClient.create(sentinel.address().replaceAll("-sentinel|#.*", ""));
    try (StatefulRedisConnection<String, String> asked = client.connect()) {
      String info = asked.sync().info("sentinel");
      return info.contains("slaves=1") ? Optional.of(true) : Optional.empty();
    } finally {
      client.shutdown();
    }
  }

  private static <T> T patiently(String what, Supplier<Optional<T>> asking) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    RuntimeException last = null;
    while (System.nanoTime() - end < 0) {
      try {
        Optional<T> answer = asking.get();
        if (answer.isPresent()) {
          return answer.get();
        }
      } catch (RuntimeException notYet) {
        last = notYet;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("Waiting for " + what, last);
  }

  private Claim claim(DedupeKey message) {
    return assertInstanceOf(Answer.Mine.class, store.claim(message)).claim();
  }

  private Optional<LockLease> taken(String name) {
    return locks.take(name, UUID.randomUUID().toString(), HOUR);
  }

  /** The replica hears nothing more of its primary, which then dies. */
  private void partAndFail(Runnable unheard) {
    assertTrue(replicated());
    replica.pause();
    assertEquals(1, direct.sync().clientKill(KillArgs.Builder.typeSlave()));
    unheard.run();
    primary.kill();
    replica.resume();
  }

  @Test
  void aFailoverForgetsWhatTheReplicaHadNotHeardAndNothingElse() {
    assertTrue(store.done(claim(EARLY)));
    LockLease early = taken("early").orElseThrow();
    LockLease[] late = new LockLease[1];
    partAndFail(
        () -> {
          assertTrue(store.done(claim(LATE)));
          late[0] = taken("late").orElseThrow();
        });

    Answer known = patiently("the replica to take over", () -> Optional.of(store.claim(EARLY)));
    assertInstanceOf(Answer.Done.class, known);
    assertEquals(Optional.empty(), taken("early"));
    assertTrue(locks.renew(early, HOUR));

    assertEquals(LATE, claim(LATE).message(), "the hole that the page names");
    LockLease second = taken("late").orElseThrow();
    assertTrue(second.token() > late[0].token(), () -> second + " after " + late[0]);
    assertFalse(locks.renew(late[0], HOUR), "the first holder is told at its next renewal");
  }
}
