// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.jdbc.JdbcFence;
import io.bowline.jdbc.JdbcLockLeases;
import io.bowline.lock.FencedOff;
import io.bowline.lock.HeldLock;
import io.bowline.lock.LeasedLocks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Settles the beans of one user under a lock, as a process of its own: takes the lock, computes for
 * as long as it is not told to go on, writes. Its arguments are a database and a name for people.
 * It says {@code HOLDS <token>}, then {@code WROTE <token>} or {@code REFUSED <why>}.
 */
public final class LockHolder {
  static final String HOLDS = "HOLDS ";
  static final String WROTE = "WROTE ";
  static final String REFUSED = "REFUSED ";

  /** For so long the lock stays whose holder stands still: short, so that the story is. */
  static final Duration LEASE = Duration.ofSeconds(2);

  private static final String USER = "user-7";
  private static final String REALM = "beans";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SETTLE =
      "update settled set settler = ?, times = times + 1 where who = '" + USER + "'";

  private LockHolder() {}

  /** Plays one holder. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (HikariDataSource database = BeanDatabase.pool(args[0], 2);
        LeasedLocks locks = LeasedLocks.in(JdbcLockLeases.in(database, REALM), LEASE);
        HeldLock lock = locks.take(USER, PATIENCE).orElseThrow()) {
      out.println(HOLDS + lock.token());
      waitForWork(in);
      out.println(settled(database, lock, args[1]));
    }
  }

  /** Here a process may be stopped, or swapped out, or collect its garbage, for any time. */
  private static void waitForWork(BufferedReader in) throws IOException {
    if (in.readLine() == null) {
      throw new IOException("Nobody is there any more who tells when to write");
    }
  }

  private static String settled(HikariDataSource database, HeldLock lock, String settler)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        JdbcFence.of(REALM).pass(connection, lock);
      } catch (FencedOff later) {
        connection.rollback();
        return REFUSED + later.getMessage();
      }
      try (PreparedStatement settle = connection.prepareStatement(SETTLE)) {
        settle.setString(1, settler);
        int unused = settle.executeUpdate();
      }
      connection.commit();
      return WROTE + lock.token();
    }
  }
}
