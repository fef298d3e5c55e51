// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.jdbc.JdbcSchema;
import io.bowline.message.Message;
import io.bowline.outbox.OutboxRelay;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Trades that are committed with the message that tells of them, by an outbox in a database; one in
 * five fails and is rolled back, and nobody hears of it. Arguments: {@code [kafka://host:port
 * [jdbc:…]]}; without address it starts a broker, and without database it uses an H2. The exit
 * status is 0 only if exactly the trades of the table arrived.
 */
public final class OutboxWithJdbc {
  private static final int TRADES = 200;
  private static final int FAILS = 5;
  private static final int USERS = 20;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final PrintStream out = System.out;
  private final String story = "trades." + Long.toString(System.nanoTime(), 36);
  private final String address;
  private final HikariDataSource database;
  private final Set<String> arrived = new ConcurrentSkipListSet<>();

  OutboxWithJdbc(String address, HikariDataSource database) {
    this.address = address;
    this.database = database;
  }

  /** Plays it. */
  public static void main(String[] args) throws Exception {
    String address = args.length > 0 ? args[0] : Servers.kafka().address();
    boolean right;
    try (BeanDatabase place = BeanDatabase.at(args.length > 1 ? args[1] : null);
        HikariDataSource database = BeanDatabase.pool(place.url(), 8)) {
      right = new OutboxWithJdbc(address, database).play();
    }
    System.exit(right ? 0 : 1);
  }

  /** Whether exactly what was committed arrived. */
  boolean play() throws Exception {
    prepare();
    JdbcOutbox outbox = JdbcOutbox.in(database, story).keySequences("trade-service");
    try (Bowline bowline = Bowline.connect(address)) {
      bowline.admin().ensure(TopicSpec.of(story).lanes(4).groups("beans"));
      try (ReliableConsumer beans =
              bowline.consumer(story, "beans").start(message -> arrived.add(message.text()));
          OutboxRelay relay = OutboxRelay.of(outbox, bowline.producer("trade-service")).start()) {
        int failed = trade(outbox);
        Set<String> expected = trades();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!arrived.containsAll(expected) && System.nanoTime() - end < 0) {
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        boolean right = arrived.equals(expected);
        out.printf(
            "RESULT committed=%d rolled back=%d arrived=%d right=%b (%s, %s)%n",
            expected.size(), failed, arrived.size(), right, beans.group(), relay.health());
        return right;
      }
    }
  }

  private void prepare() throws SQLException {
    JdbcSchema.of(database).create();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists trade (story varchar(64) not null, trade varchar(64) not"
              + " null)");
    }
  }

  /** Trades, and how many of them failed. */
  private int trade(JdbcOutbox outbox) throws Exception {
    int failed = 0;
    for (int i = 0; i < TRADES; i++) {
      String trade = "trade-" + i;
      String user = TradeService.user(i % USERS);
      boolean fails = i % FAILS == 0;
      try {
        var unused =
            outbox.inTransaction(
                connection -> {
                  insert(connection, trade);
                  return told(outbox, connection, Message.to(story).key(user).text(trade), fails);
                });
      } catch (IllegalStateException rolledBack) {
        failed++;
      }
    }
    return failed;
  }

  private void insert(Connection connection, String trade) throws SQLException {
    try (PreparedStatement row = connection.prepareStatement("insert into trade values (?, ?)")) {
      row.setString(1, story);
      row.setString(2, trade);
      row.executeUpdate();
    }
  }

  private static String told(
      JdbcOutbox outbox, Connection connection, Message message, boolean fails)
      throws SQLException {
    String id = outbox.append(connection, message);
    if (fails) {
      throw new IllegalStateException("The trade is taken back, for it must not be");
    }
    return id;
  }

  private Set<String> trades() throws SQLException {
    Set<String> all = new TreeSet<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select trade from trade where story = ?")) {
      select.setString(1, story);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          all.add(row.getString(1));
        }
      }
    }
    return all;
  }
}
