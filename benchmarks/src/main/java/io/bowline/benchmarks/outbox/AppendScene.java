// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.benchmarks.effects.BeanDatabase;
import io.bowline.benchmarks.measure.Turn;
import io.bowline.benchmarks.stage.Entry;
import io.bowline.benchmarks.stage.Scene;
import io.bowline.benchmarks.stage.Way;
import io.bowline.benchmarks.stage.Workers;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A business transaction alone, and the same with a message; no relay runs. */
final class AppendScene implements Scene {
  private static final int WORKERS = 8;
  private static final String ALONE = "the transaction alone";
  private static final String TOPIC = "beans.deducted";
  private static final String BARE = "insert into bench_bare_outbox (key_name, body) values (?, ?)";

  private final Workers workers = new Workers(WORKERS);
  private final BrokerServer server =
      LocalPostgres.startNew("fsync=on", "shared_buffers=128MB", "max_wal_size=4GB");
  private final BeanDatabase database;
  private final int statements;

  /** With so many selects in the transaction, besides an update and an insert. */
  AppendScene(int reads) throws SQLException {
    this.database = new BeanDatabase(server.address(), WORKERS, reads);
    this.statements = 2 + reads;
    execute(
        "create table bench_bare_outbox (id bigint generated always as identity primary key,"
            + " key_name varchar(255) not null, body bytea not null)");
  }

  @Override
  public String title() {
    return "Appending on PostgreSQL, a transaction of %d statements, %d at once"
        .formatted(statements, WORKERS);
  }

  @Override
  public List<Entry> entries() {
    JdbcOutbox outbox = JdbcOutbox.in(database.source(), database.group());
    JdbcOutbox numbered = outbox.keySequences("trade-service");
    return List.of(
        Entry.yardstick(ALONE, cleared(() -> database::transact)),
        new Entry("with a bare insert of it", ALONE, cleared(() -> this::bare)),
        new Entry("with Bowline's outbox", ALONE, cleared(() -> appending(outbox))),
        new Entry("with key sequences too", ALONE, cleared(() -> appending(numbered))));
  }

  /** Turns that all begin with empty outboxes. */
  private Entry.Turner cleared(Way.Opener opener) {
    return new Entry.Turner() {
      @Override
      public Turn turn(Duration time) throws Exception {
        execute("truncate bowline_outbox, bench_bare_outbox");
        execute("vacuum analyze");
        execute("checkpoint");
        return workers.turner(opener).turn(time);
      }
    };
  }

  private Way appending(JdbcOutbox outbox) {
    return number -> {
      String unused =
          outbox.inTransaction(
              connection -> {
                database.deduct(connection, number);
                return outbox.append(connection, Load.message(TOPIC, number));
              });
    };
  }

  private void bare(long number) throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      connection.setAutoCommit(false);
      database.deduct(connection, number);
      try (PreparedStatement insert = connection.prepareStatement(BARE)) {
        insert.setString(1, Load.key(number));
        insert.setBytes(2, Load.body());
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    workers.close();
    database.close();
    server.close();
  }
}
