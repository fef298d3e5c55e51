// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.Health.Status;
import io.bowline.consumer.Postponed;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalMariaDb;
import io.bowline.testkit.servers.LocalPostgres;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Real databases that do not write. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class JdbcInboxOutageIT {
  private final TestDatabases kind;
  private final BrokerServer server;
  private final InboxStage stage;
  private final AtomicInteger calls = new AtomicInteger();

  JdbcInboxOutageIT(TestDatabases kind) throws SQLException {
    this.kind = kind;
    server = kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb();
    stage = new InboxStage(kind.source());
  }

  private String option(String option) {
    return server.address() + (server.address().contains("?") ? '&' : '?') + option;
  }

  private void deduct(Received message, Connection connection) throws SQLException {
    calls.incrementAndGet();
    stage.deduct(message, connection);
  }

  @Test
  void aDatabaseThatIsFullOrSaysSoInTheHandlerPostpones() throws Exception {
    try (JdbcInbox inbox = inbox(stage.database)) {
      Handler handler =
          inbox.handler(
              (message, connection) -> {
                deduct(message, connection);
                fill(connection);
              });
      Postponed told = assertThrows(Postponed.class, () -> handler.handle(stage.message("m")));
      assertInstanceOf(SQLException.class, told.getCause());
    }
    assertEquals(0, stage.effects("m"));
    assertEquals(0, stage.remembered());
  }

  /** PostgreSQL says so itself, though its disk is not full; MariaDB's table is. */
  private void fill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (kind == TestDatabases.POSTGRESQL) {
        boolean unused =
            statement.execute("do $$ begin raise exception using errcode = '53100'; end $$");
        return;
      }
      boolean unused = statement.execute("set max_heap_table_size = 16384");
      boolean unusedTable =
          statement.execute("create temporary table small (t char(250)) engine = memory");
      for (int i = 0; i < 10_000; i++) {
        int unusedRow = statement.executeUpdate("insert into small values ('x')");
      }
    }
  }

  @Test
  void whileTheDatabaseIsReadOnlyMessagesStayAndHealthIsDegraded() throws Exception {
    String readOnly =
        kind == TestDatabases.POSTGRESQL
            ? "options=-c%20default_transaction_read_only%3Don"
            : "sessionVariables=tx_read_only=1";
    SwitchedSource source = new SwitchedSource(new UrlDataSource(option(readOnly)));
    try (JdbcInbox inbox = inbox(source.source())) {
      staysUntilMended(
          inbox.handler(this::deduct),
          () -> {
            assertEquals(0, calls.get());
            source.lead(new UrlDataSource(server.address()));
          });
    }
    assertEquals(1, stage.effects("m"));
    assertEquals(1, stage.paid("user-7"));
    assertEquals(1, stage.remembered());
  }

  @Test
  void whileTheDiskIsFullMessagesStayAndHealthIsDegraded() throws Exception {
    try (SmallDisk disk = SmallDisk.mounted();
        BrokerServer own = server();
        HikariDataSource pool = TestDatabases.pool(own)) {
      InboxStage there = new InboxStage(pool);
      there.sql(notes(disk, there));
      try (JdbcInbox inbox = inbox(pool)) {
        staysUntilMended(
            inbox.handler(
                (message, connection) -> {
                  there.deduct(message, connection);
                  note(connection);
                }),
            () -> room(disk, own, there));
      }
      assertEquals(1, there.effects("m"));
      assertEquals(1, there.count("select count(*) from notes"));
    }
  }

  /** MariaDB 10.11 may die of a full disk: so it is started anew. */
  private void room(SmallDisk disk, BrokerServer own, InboxStage there) throws Exception {
    if (kind == TestDatabases.MARIADB) {
      own.kill();
      disk.grow();
      own.start();
    } else {
      assertEquals(0, there.effects("m"));
      assertEquals(0, there.remembered());
      disk.grow();
    }
  }

  private BrokerServer server() {
    return kind == TestDatabases.POSTGRESQL ? LocalPostgres.startNew() : LocalMariaDb.startNew();
  }

  /** Makes a table on the small disk. */
  private String notes(SmallDisk disk, InboxStage there) throws Exception {
    if (kind == TestDatabases.POSTGRESQL) {
      there.sql("create tablespace small location '" + disk.folder("postgres") + "'");
      return "create table notes (n bytea) tablespace small";
    }
    return "create table notes (n longblob) engine = innodb data directory = '"
        + disk.folder(System.getProperty("user.name"))
        + "'";
  }

  /** Writes more than the small disk has room for, and nothing that can be packed. */
  private static void note(Connection connection) throws SQLException {
    byte[] much = new byte[4 << 20];
    new Random(7).nextBytes(much);
    try (PreparedStatement insert = connection.prepareStatement("insert into notes values (?)")) {
      insert.setBytes(1, much);
      int unused = insert.executeUpdate();
    }
  }

  private static JdbcInbox inbox(DataSource source) {
    return JdbcInbox.in(source, "billing").purgeByHand().open();
  }

  /** Done while a message could not be handled for some time. */
  private interface Mending {
    void mend() throws Exception;
  }

  private void staysUntilMended(Handler handler, Mending mending) throws Exception {
    String name = "inbox-" + UUID.randomUUID();
    try (Bowline bowline = Bowline.connect("memory://" + name)) {
      bowline.admin().ensure(TopicSpec.of(stage.topic).groups("billing"));
      bowline.admin().ensure(TopicSpec.of("dead"));
      ReliableConsumer consumer =
          bowline
              .consumer(stage.topic, "billing")
              .retry(Retry.attempts(2).backoff(Duration.ofMillis(1), Duration.ofMillis(20)))
              .deadLetters("dead")
              .start(handler);
      var unused =
          bowline.producer("trade").open().send(Message.to(stage.topic).id("m").text("1")).join();
      Patience.until("it is told", () -> consumer.health().status() == Status.DEGRADED);
      assertEquals(1, InMemoryBroker.named(name).unaccepted(stage.topic, "billing"));
      mending.mend();
      Patience.until(
          "it is handled",
          () -> InMemoryBroker.named(name).unaccepted(stage.topic, "billing") == 0);
      Patience.until("all is well", () -> consumer.health().status() == Status.UP);
    }
  }
}
