// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Handler;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that come again while an inbox is purged. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcInboxPurgeIT {
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());
  private static final int OF_EACH_AGE = Boolean.getBoolean("bowline.long") ? 2_000 : 100;
  private static final int MEMBERS = 3;
  private static final long OLD = Duration.ofDays(16).toMillis();

  private final InboxStage stage;
  private final String group;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  JdbcInboxPurgeIT(TestDatabases kind) throws SQLException {
    stage = new InboxStage(kind.source());
    group = "of-" + stage.topic;
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private JdbcInbox inbox() {
    return JdbcInbox.in(stage.database, group).purgeByHand().open();
  }

  private static List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < OF_EACH_AGE; i++) {
      ids.add("old" + i);
      ids.add("new" + i);
    }
    return ids;
  }

  private void deliver(List<String> ids, long seed) throws Exception {
    List<String> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, new Random(seed));
    try (JdbcInbox inbox = inbox()) {
      Handler handler = inbox.handler(stage::deduct);
      for (String id : shuffled) {
        handler.handle(stage.message(id));
      }
    }
  }

  /** It forgets by age alone: whole messages, and none that is younger than it remembers. */
  @Test
  void whatComesAgainWhileItIsPurgedTakesEffectAgainOnlyIfItWasOldAndThenOnce() throws Exception {
    deliver(ids(), SEED);
    stage.sql(
        "update bowline_inbox set done_at = done_at - "
            + OLD
            + " where message_id like 'old%' and topic = '"
            + stage.topic
            + "'");
    List<Future<?>> members = new ArrayList<>();
    for (int member = 0; member < MEMBERS; member++) {
      long seed = SEED + member;
      members.add(
          threads.submit(
              () -> {
                deliver(ids(), seed);
                return true;
              }));
    }
    long purged = 0;
    try (JdbcInbox inbox = inbox()) {
      while (!members.stream().allMatch(Future::isDone)) {
        purged += inbox.purge();
      }
      for (Future<?> member : members) {
        member.get();
      }
      purged += inbox.purge();
    }
    assertEquals(OF_EACH_AGE, purged, "seed " + SEED);
    for (String id : ids()) {
      int effects = stage.effects(id);
      boolean may = effects == 1 || (id.startsWith("old") && effects == 2);
      assertTrue(may, () -> id + " took effect " + effects + " times, seed " + SEED);
    }
    int again = stage.paid("user-7") - 2 * OF_EACH_AGE;
    assertEquals(OF_EACH_AGE + again, stage.remembered(), "seed " + SEED);
  }
}
