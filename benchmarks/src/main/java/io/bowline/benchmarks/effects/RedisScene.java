// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.effects;

import io.bowline.benchmarks.stage.Entry;
import io.bowline.benchmarks.stage.Scene;
import io.bowline.benchmarks.stage.Workers;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.redis.RedisAccess;
import io.bowline.redis.RedisDedupeStore;
import io.bowline.testkit.servers.Servers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A claim and its end by the dedupe store, beside two bare round trips: a SET of the same key when
 * it is not there, and one when the message is done. All workers share a connection.
 */
final class RedisScene implements Scene {
  private static final int WORKERS = 64;
  private static final String BARE = "two bare SETs";

  private final Workers workers = new Workers(WORKERS);
  private final String run = UUID.randomUUID().toString();
  private final RedisClient client = RedisClient.create(Servers.redis().address());
  private final StatefulRedisConnection<String, String> connection = client.connect();
  private final RedisAccess access = RedisAccess.of(client);
  private final RedisDedupeStore store =
      RedisDedupeStore.in(access).remembers(Duration.ofMinutes(2));

  @Override
  public String title() {
    return "Dedupe on Redis, one connection, %d at once".formatted(WORKERS);
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Entry.yardstick(BARE, workers.turner(() -> this::bare)),
        new Entry("Bowline's claim and done", BARE, workers.turner(() -> this::claimed)));
  }

  private void bare(long number) {
    String key = "bench:{" + run + "-" + number + "}";
    SetArgs once = SetArgs.Builder.nx().px(Duration.ofMinutes(1));
    String took = connection.sync().set(key, UUID.randomUUID().toString(), once);
    SetArgs kept = SetArgs.Builder.px(Duration.ofMinutes(2));
    String done = connection.sync().set(key, "done", kept);
    if (!"OK".equals(took) || !"OK".equals(done)) {
      throw new IllegalStateException("Redis answered " + took + " and " + done);
    }
  }

  private void claimed(long number) {
    DedupeKey message = new DedupeKey("bench.deduct", run, Long.toString(number));
    if (!(store.claim(message) instanceof DedupeStore.Answer.Mine mine)
        || !store.done(mine.claim())) {
      throw new IllegalStateException(message + " was not ours");
    }
  }

  @Override
  public void close() {
    workers.close();
    access.close();
    connection.close();
    client.shutdown();
  }
}
