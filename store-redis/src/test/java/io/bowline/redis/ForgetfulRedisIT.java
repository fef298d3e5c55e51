// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.IdBlock;
import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerRange;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids of a Redis that loses what it was told. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ForgetfulRedisIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final WorkerRange ALL = WorkerRange.ALL;
  private final String name = "forgetful-" + UUID.randomUUID();
  private final BrokerServer server = LocalRedis.startNew();
  private final RedisClient client = RedisClient.create(server.address());
  private final RedisAccess redis = RedisAccess.connect(server.address());
  private RedisCommands<String, String> commands;

  @BeforeEach
  void connect() {
    commands = client.connect().sync();
  }

  @AfterEach
  void close() {
    redis.close();
    client.shutdown();
    server.close();
  }

  private String counter() {
    return "bowline:ids:" + name;
  }

  private IdBlock reserve(int most) {
    return RedisIdBlocks.in(redis, name).reserve(most);
  }

  private static long end(IdBlock block) {
    return block.first() + block.count();
  }

  @Test
  void aCounterThatIsGoneJumpsAboveAllThatItGave() {
    IdBlock before = reserve(10);
    assertEquals(1, commands.del(counter()));
    IdBlock after = reserve(10);
    assertTrue(after.first() >= end(before), before + " then " + after);
  }

  @Test
  void aCounterThatWentBackIsNoticedByWhoDrewFromIt() {
    RedisIdBlocks store = RedisIdBlocks.in(redis, name);
    IdBlock before = store.reserve(10);
    commands.hset(counter(), "last", "17");
    IdBlock after = store.reserve(10);
    assertTrue(after.first() >= end(before), before + " then " + after);
  }

  @Test
  void aCounterThatWentBackWithItsRedisJumpsForAll() {
    IdBlock before = reserve(10);
    commands.hset(counter(), "last", "17");
    server.kill();
    server.start();
    IdBlock after = Patiently.ask(() -> reserve(10));
    assertTrue(after.first() >= end(before), before + " then " + after);
  }

  @Test
  void aCounterThatNothingHappenedToGoesOnWithTheNextNumber() {
    IdBlock before = reserve(10);
    assertEquals(end(before), reserve(7).first());
  }

  private static LeaseTerms terms(Duration length, Duration coolDown) {
    long now = System.currentTimeMillis();
    return new LeaseTerms(length, coolDown, now, now);
  }

  private RedisWorkerLeases leases() {
    return RedisWorkerLeases.in(redis, name);
  }

  @Test
  void afterARestartNothingIsLentUntilWhatMayBeForgottenIsOver() {
    LeaseTerms terms = terms(HOUR, HOUR);
    WorkerLease held = leases().take(ALL, "one", terms).orElseThrow();
    server.kill();
    server.start();
    assertTrue(Patiently.ask(() -> leases().renew(held, terms)), "who has one goes on");
    IllegalStateException told =
        assertThrows(IllegalStateException.class, () -> leases().take(ALL, "two", terms));
    assertTrue(String.valueOf(told.getMessage()).contains("restarted or failed over"));
  }

  @Test
  void onceThatIsOverWorkerIdsAreLentAgain() {
    LeaseTerms terms = terms(Duration.ofMillis(100), Duration.ZERO);
    var held = leases().take(ALL, "one", terms);
    assertTrue(held.isPresent());
    server.kill();
    server.start();
    String owner = Patiently.ask(() -> lent("two", terms).owner());
    assertEquals("two", owner);
  }

  private WorkerLease lent(String owner, LeaseTerms terms) {
    try {
      return leases().take(ALL, owner, terms).orElseThrow();
    } catch (IllegalStateException closed) {
      throw new RedisStoreException(String.valueOf(closed.getMessage()), closed);
    }
  }

  @Test
  void whatIsLentIsChosenAtRandom() {
    LeaseTerms terms = terms(HOUR, HOUR);
    List<Integer> workers =
        List.of("a", "b", "c", "d", "e", "f", "g", "h").stream()
            .map(owner -> leases().take(ALL, owner, terms).orElseThrow().worker())
            .toList();
    assertTrue(workers.stream().anyMatch(worker -> worker > 7), workers::toString);
  }
}
