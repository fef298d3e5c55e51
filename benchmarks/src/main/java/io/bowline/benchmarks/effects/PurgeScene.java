// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.effects;

import io.bowline.benchmarks.stage.Entry;
import io.bowline.benchmarks.stage.Scene;
import io.bowline.benchmarks.stage.Way;
import io.bowline.benchmarks.stage.Workers;
import io.bowline.consumer.Handler;
import io.bowline.jdbc.JdbcInbox;
import io.bowline.jdbc.JdbcInboxBuilder;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** An inbox that has many old rows: in peace, and while they are purged. */
final class PurgeScene implements Scene {
  private static final int WORKERS = 8;
  private static final String IN_PEACE = "no purge";
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** Rows as old as if they had been done 100 days before the one row that is there. */
  private static final String MAKE_OLD =
      """
      insert into bowline_inbox (message_key, group_key, topic, group_name, message_id, done_at)
      select sha256(convert_to(group_name || n, 'UTF8')), group_key, topic, group_name, 'old-' || n,
        done_at - 8640000000 - n
      from bowline_inbox, generate_series(1, ?) n where group_name = ?\
      """;

  private final Workers workers = new Workers(WORKERS);
  private final BrokerServer server = LocalPostgres.startNew("fsync=on");
  private final BeanDatabase database;
  private final int oldRows;

  PurgeScene(int oldRows) throws Exception {
    this.database = new BeanDatabase(server.address(), WORKERS, 0);
    this.oldRows = oldRows;
    try (Way first = opened(inbox().purgeByHand())) {
      first.effect(0);
    }
    try (Connection connection = database.source().getConnection();
        PreparedStatement make = connection.prepareStatement(MAKE_OLD)) {
      make.setInt(1, oldRows);
      make.setString(2, database.group());
      make.executeUpdate();
    }
    try (Connection connection = database.source().getConnection();
        PreparedStatement analyze = connection.prepareStatement("analyze bowline_inbox")) {
      analyze.execute();
    }
  }

  private JdbcInboxBuilder inbox() {
    return JdbcInbox.in(database.source(), database.group());
  }

  private Way opened(JdbcInboxBuilder settings) {
    JdbcInbox inbox = settings.open();
    Handler handler =
        inbox.handler(
            (message, connection) ->
                database.deduct(connection, Long.parseLong(message.origin().position())));
    return new Way() {
      @Override
      public void effect(long number) throws Exception {
        handler.handle(database.message(number));
      }

      @Override
      public void close() {
        inbox.close();
      }
    };
  }

  @Override
  public String title() {
    return "Purge of %,d old rows on PostgreSQL, %d at once".formatted(oldRows, WORKERS);
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Entry.yardstick(IN_PEACE, workers.turner(() -> opened(inbox().purgeByHand()))),
        new Entry(
            "while purged", IN_PEACE, workers.turner(() -> opened(inbox().purgeEvery(AT_ONCE)))));
  }

  /** How much was purged: if all, then not all turns had something to purge. */
  @Override
  public String remark() throws SQLException {
    long left = left();
    if (left == 0) {
      throw new IllegalStateException("All old rows were gone before the last turn ended");
    }
    return "%n%,d rows were purged meanwhile.%n".formatted(oldRows - left);
  }

  private long left() throws SQLException {
    try (Connection connection = database.source().getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "select count(*) from bowline_inbox where group_name = ? and message_id like"
                    + " 'old-%'")) {
      count.setString(1, database.group());
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public void close() {
    workers.close();
    database.close();
    server.close();
  }
}
