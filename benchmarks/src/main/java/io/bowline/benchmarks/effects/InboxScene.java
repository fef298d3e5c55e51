// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.effects;

import io.bowline.benchmarks.stage.Entry;
import io.bowline.benchmarks.stage.Scene;
import io.bowline.benchmarks.stage.Way;
import io.bowline.benchmarks.stage.Workers;
import io.bowline.consumer.Handler;
import io.bowline.jdbc.JdbcInbox;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalMariaDb;
import io.bowline.testkit.servers.LocalPostgres;
import java.sql.SQLException;
import java.util.List;

/** A business transaction alone, and the same in an inbox. */
final class InboxScene implements Scene {
  private static final int WORKERS = 8;
  private static final String ALONE = "the transaction alone";

  private final Workers workers = new Workers(WORKERS);
  private final String name;
  private final int statements;
  private final BrokerServer server;
  private final BeanDatabase database;
  private final JdbcInbox inbox;

  private InboxScene(String name, BrokerServer server, int reads) throws SQLException {
    this.name = name;
    this.statements = 2 + reads;
    this.server = server;
    this.database = new BeanDatabase(server.address(), WORKERS, reads);
    this.inbox = JdbcInbox.in(database.source(), database.group()).purgeByHand().open();
  }

  /** On a server that waits for its disk at each commit, as one should. */
  static InboxScene onPostgres(int reads) throws SQLException {
    return new InboxScene("PostgreSQL", LocalPostgres.startNew("fsync=on"), reads);
  }

  /** The same. */
  static InboxScene onMariaDb(int reads) throws SQLException {
    String durably = "--innodb-flush-log-at-trx-commit=1";
    return new InboxScene("MariaDB", LocalMariaDb.startNew(durably), reads);
  }

  @Override
  public String title() {
    return "Inbox on %s, a transaction of %d statements, %d at once"
        .formatted(name, statements, WORKERS);
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Entry.yardstick(ALONE, workers.turner(() -> database::transact)),
        new Entry("Bowline's inbox", ALONE, workers.turner(() -> through(inbox))));
  }

  private Way through(JdbcInbox inbox) {
    Handler handler =
        inbox.handler(
            (message, connection) ->
                database.deduct(connection, Long.parseLong(message.origin().position())));
    return number -> handler.handle(database.message(number));
  }

  @Override
  public void close() {
    workers.close();
    inbox.close();
    database.close();
    server.close();
  }
}
