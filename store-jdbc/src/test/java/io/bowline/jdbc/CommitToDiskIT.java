// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.Servers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ids are drawn from is on PostgreSQL's disk, whatever its sessions are set to. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class CommitToDiskIT {

  /** Stricter settings stay as they are. */
  @ParameterizedTest
  @CsvSource({"off, on", "on, on", "remote_apply, remote_apply"})
  void theCommitIsWaitedFor(String set, String used) {
    Transactions transactions = new Transactions(database(set));
    assertEquals(
        used,
        transactions.run(
            "A test",
            transaction -> {
              CommitToDisk.of(transaction);
              return setting(transaction);
            }));
  }

  @Test
  void itHoldsForThatTransactionOnly() {
    Transactions transactions = new Transactions(database("off"));
    String used = transactions.run("A test", CommitToDiskIT::setting);
    assertEquals("off", used);
  }

  private static UrlDataSource database(String commit) {
    String address = Servers.postgres().address();
    char next = address.contains("?") ? '&' : '?';
    return new UrlDataSource(address + next + "options=-c%20synchronous_commit%3D" + commit);
  }

  private static String setting(Transaction transaction) throws SQLException {
    try (PreparedStatement ask = transaction.prepare("show synchronous_commit");
        ResultSet answer = ask.executeQuery()) {
      assertTrue(answer.next());
      return answer.getString(1);
    }
  }
}
