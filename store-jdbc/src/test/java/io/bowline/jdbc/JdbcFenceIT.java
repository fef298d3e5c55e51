// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.lock.FencedOff;
import io.bowline.lock.HeldLock;
import io.bowline.lock.LeasedLocks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A holder that stood still is fenced off where it writes, on real databases. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcFenceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DataSource database;
  private final String realm = "fence-" + UUID.randomUUID();
  private final JdbcFence fence = JdbcFence.of(realm);
  private final String user = UUID.randomUUID().toString();

  JdbcFenceIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  /** A lock that says of itself what it likes. */
  private record Believed(String name, long token) implements HeldLock {
    @Override
    public boolean isHeld() {
      return true;
    }

    @Override
    public void onLost(Runnable listener) {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void makeTheTable() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists fenced_beans (who varchar(64) primary key, beans integer)");
    }
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into fenced_beans values (?, 100)")) {
      insert.setString(1, user);
      insert.executeUpdate();
    }
  }

  private Connection business() throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private void deduct(HeldLock lock) throws SQLException {
    try (Connection connection = business()) {
      fence.pass(connection, lock);
      deduct(connection);
      connection.commit();
    }
  }

  private void deduct(Connection connection) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update fenced_beans set beans = beans - 1 where who = ?")) {
      update.setString(1, user);
      assertEquals(1, update.executeUpdate());
    }
  }

  private int beans() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select beans from fenced_beans where who = ?")) {
      select.setString(1, user);
      try (ResultSet row = select.executeQuery()) {
        assertTrue(row.next());
        return row.getInt(1);
      }
    }
  }

  @Test
  void tokensThatGrowPassAndTheSameOnePassesAgain() throws SQLException {
    deduct(new Believed("u1", 5));
    deduct(new Believed("u1", 5));
    deduct(new Believed("u1", 9));
    deduct(new Believed("u2", 1));
    assertEquals(96, beans());
  }

  @Test
  void aHolderThatStoodStillIsFencedOffThoughItBelievesToHoldTheLock() throws Exception {
    Duration lease = Duration.ofSeconds(1);
    HeldLock stood;
    try (LeasedLocks locks = LeasedLocks.in(JdbcLockLeases.in(database, realm), lease)) {
      HeldLock first = locks.take("u1", PATIENCE).orElseThrow();
      deduct(first);
      stood = new Believed("u1", first.token());
      first.close();
      try (HeldLock next = locks.take("u1", PATIENCE).orElseThrow()) {
        deduct(next);
      }
    }
    FencedOff refused = assertThrows(FencedOff.class, () -> deduct(stood));
    assertTrue(String.valueOf(refused.getMessage()).contains("token " + stood.token()));
    assertEquals(98, beans(), "nothing of the late write stayed");
  }

  @Test
  void whoBeganToWriteFirstIsWaitedFor() throws Exception {
    deduct(new Believed("u1", 1));
    Thread later;
    try (Connection writing = business()) {
      fence.pass(writing, new Believed("u1", 2));
      later = new Thread(() -> assertDoesDeduct(new Believed("u1", 3)));
      later.start();
      deduct(writing);
      writing.commit();
    }
    later.join(PATIENCE.toMillis());
    assertFalse(later.isAlive());
    assertEquals(97, beans());
    assertThrows(FencedOff.class, () -> deduct(new Believed("u1", 2)));
  }

  private void assertDoesDeduct(HeldLock lock) {
    try {
      deduct(lock);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aTransactionThatRolledBackLeavesNoToken() throws SQLException {
    try (Connection connection = business()) {
      fence.pass(connection, new Believed("u1", 8));
      connection.rollback();
    }
    deduct(new Believed("u1", 7));
    assertEquals(99, beans());
  }

  @Test
  void autoCommitProvesNothingAndIsRefused() throws SQLException {
    try (Connection connection = database.getConnection()) {
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class, () -> fence.pass(connection, new Believed("u1", 1)));
      assertTrue(String.valueOf(refused.getMessage()).contains("setAutoCommit(false)"));
    }
  }

  @Test
  void realmsAreApart() throws SQLException {
    deduct(new Believed("u1", 9));
    try (Connection connection = business()) {
      JdbcFence.of(realm + "-2").pass(connection, new Believed("u1", 1));
      connection.rollback();
    }
  }
}
