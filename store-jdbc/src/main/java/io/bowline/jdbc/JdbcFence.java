// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.lock.FencedOff;
import io.bowline.lock.HeldLock;
import io.bowline.message.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Compares fencing tokens where the effect is written: in the same transaction, in table {@code
 * bowline_fence}, which has the greatest token of each name. So a holder of a lock that stood still
 * until others had it cannot write late, whatever the lock itself forgot. Whoever wrote keeps all
 * others of its name waiting until its transaction ends. Thread-safe.
 *
 * <p>Locks of PostgreSQL, MariaDB, MySQL, H2, Redis and ZooKeeper serve alike, as long as those of
 * one name come from one of them: tokens of two do not compare. There is one row for each name;
 * {@code delete from bowline_fence where touched_at < …} removes those that nobody wrote under for
 * longer than a holder can stand still.
 */
public final class JdbcFence {
  private static final String PASS =
      "update bowline_fence set token = ?, touched_at = "
          + Dialect.NOW
          + " where fence_key = ? and token <= ?";
  private static final String FIRST =
      "insert into bowline_fence (fence_key, name, token, touched_at) values (?, ?, ?, "
          + Dialect.NOW
          + ")";
  private static final String SEEN = "select token from bowline_fence where fence_key = ?";

  private final String realm;
  private volatile @Nullable Dialect dialect;

  private JdbcFence(String realm) {
    this.realm = realm;
  }

  /**
   * A fence for the names of one use.
   *
   * @param realm keeps them apart from those of another, such as {@code beans}; all who write the
   *     same things use the same
   * @throws IllegalArgumentException if it is blank
   */
  public static JdbcFence of(String realm) {
    return new JdbcFence(Names.required("realm of a fence", realm));
  }

  /**
   * Lets the transaction go on if nobody with a greater token wrote under this name. Call it before
   * the effect, and let what it throws roll back.
   *
   * @param business the connection of the transaction that writes, not in auto-commit
   * @throws FencedOff if somebody with a greater token did
   * @throws IllegalStateException if the connection is in auto-commit, which would prove nothing
   * @throws SQLException if the database fails, or the table is missing
   */
  public void pass(Connection business, HeldLock lock) throws SQLException {
    if (business.getAutoCommit()) {
      throw new IllegalStateException(
          "Comparing the token of lock "
              + lock.name()
              + ": the connection is in auto-commit, so"
              + " the effect would be another transaction; setAutoCommit(false) first");
    }
    byte[] key = RowKey.of(realm, lock.name());
    if (passed(business, key, lock.token())) {
      return;
    }
    begin(business, key, lock);
    if (!passed(business, key, lock.token())) {
      throw new FencedOff(
          "Writing under lock %s with token %d is refused: token %s has written since. Its holder"
                  .formatted(lock.name(), lock.token(), seen(business, key))
              + " lost the lock and did not know; nothing of this transaction must stay");
    }
  }

  private static boolean passed(Connection business, byte[] key, long token) throws SQLException {
    try (PreparedStatement pass = business.prepareStatement(PASS)) {
      pass.setQueryTimeout(Transactions.QUERY_SECONDS);
      pass.setLong(1, token);
      pass.setBytes(2, key);
      pass.setLong(3, token);
      return pass.executeUpdate() > 0;
    }
  }

  /** Inserts the row, if it is not there. */
  private void begin(Connection business, byte[] key, HeldLock lock) throws SQLException {
    Dialect known = dialect(business);
    try (PreparedStatement first = business.prepareStatement(known.unlessThere(FIRST))) {
      first.setQueryTimeout(Transactions.QUERY_SECONDS);
      first.setBytes(1, key);
      first.setString(2, RowKey.shown(realm + ": " + lock.name()));
      first.setLong(3, lock.token());
      boolean unused = first.executeUpdate() > 0;
    } catch (SQLException failure) {
      if (!known.isDuplicate(failure)) {
        throw failure;
      }
    }
  }

  private Dialect dialect(Connection business) throws SQLException {
    Dialect known = dialect;
    if (known == null) {
      known = Dialect.of(business.getMetaData());
      dialect = known;
    }
    return known;
  }

  private static String seen(Connection business, byte[] key) throws SQLException {
    try (PreparedStatement select = business.prepareStatement(SEEN)) {
      select.setQueryTimeout(Transactions.QUERY_SECONDS);
      select.setBytes(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Long.toString(row.getLong(1)) : "a greater one";
      }
    }
  }
}
