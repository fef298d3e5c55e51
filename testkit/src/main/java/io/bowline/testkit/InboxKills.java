// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Handler;
import io.bowline.testkit.InboxConformance.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * A consumer in a JVM of its own, to which every message is delivered twice and, after each of its
 * ends, twice more; it is killed (SIGKILL) at random points and begun anew: each message takes
 * effect once. 5 kills, and 100 with {@code -Dbowline.long=true}.
 *
 * <pre>{@code
 * final class MyInboxKillsIT extends InboxKills {
 *   public static final class Opening implements Opener { … }
 *   …
 * }
 * }</pre>
 */
public abstract class InboxKills {
  private static final int KILLS = Boolean.getBoolean("bowline.long") ? 100 : 5;
  private static final int OF_EACH_LIFE = 60;

  /** How many of the messages before come again in each life but the last, which gets all. */
  private static final int AGAIN = 180;

  private static final long PATIENCE_SECONDS = 180;
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final String topic = "topic-" + UUID.randomUUID();
  private final String table = "kills_" + UUID.randomUUID().toString().replace('-', '_');

  /** Opens an inbox in the consumer's process: public, with a constructor without arguments. */
  public interface Opener {

    /** A handler that remembers in the database at this address, in the effect's transaction. */
    Handler open(String address, String group, Effect effect);
  }

  /** For subclasses. */
  protected InboxKills() {}

  /** What opens the inbox in each process. */
  protected abstract Class<? extends Opener> opener();

  /** Where the database is. */
  protected abstract String address();

  /** The same. */
  protected abstract DataSource database();

  @Test
  final void eachMessageTakesEffectOnceWhateverTheMomentsOfTheKills() throws Exception {
    sql("create table " + table + " (id varchar(100) not null, n integer not null)");
    sql("insert into " + table + " values ('balance', 0)");
    int messages = 0;
    long handled = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int first = Math.max(0, messages - AGAIN);
      int some = messages - first + random.nextInt(OF_EACH_LIFE);
      messages += OF_EACH_LIFE;
      Life life = new Life(first, messages);
      until(() -> life.done.get() >= some || life.isOver(), life);
      LockSupport.parkNanos(random.nextLong(5_000_000));
      life.jvm.kill();
      handled += life.done.get();
    }
    Life last = new Life(0, messages);
    int all = messages;
    until(() -> last.done.get() >= all, last);
    last.leave();
    System.out.printf(
        "[bowline] %s: %d kills, %d messages, handled %d times, %s%n",
        getClass().getSimpleName(), KILLS, messages, handled + messages, seed());
    assertEquals(messages, count("select count(*) from " + table + " where n = 1"), seed());
    assertEquals(
        messages, count("select count(distinct id) from " + table + " where n = 1"), seed());
    assertEquals(messages, count("select n from " + table + " where id = 'balance'"), seed());
  }

  private static String seed() {
    return "seed " + SEED;
  }

  private static void until(BooleanSupplier holds, Life life) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "in vain: " + life.jvm.said());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(text);
    }
  }

  private int count(String question) throws SQLException {
    try (Connection connection = database().getConnection();
        PreparedStatement select = connection.prepareStatement(question);
        ResultSet row = select.executeQuery()) {
      assertTrue(row.next());
      return row.getInt(1);
    }
  }

  /** One process, from its beginning to its end. */
  private final class Life {
    final AtomicInteger done = new AtomicInteger();
    final ChildJvm jvm;

    Life(int first, int end) {
      InboxOrders orders = new InboxOrders(opener().getName(), address(), topic, table, first, end);
      jvm = ChildJvm.start(InboxProcess.class, orders, this::understood);
    }

    private boolean understood(String line) {
      boolean told = line.startsWith(InboxProcess.DONE);
      if (told) {
        done.set(Integer.parseInt(line.substring(InboxProcess.DONE.length())));
      }
      return told;
    }

    boolean isOver() {
      return jvm.endsWithin(0);
    }

    void leave() {
      jvm.tell(InboxProcess.LEAVE);
      assertTrue(jvm.endsWithin(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)), jvm::said);
      assertEquals(0, jvm.status(), jvm::said);
      jvm.kill();
    }
  }
}
