// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import io.bowline.testkit.KeySequencesConformance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of keys that a database counts. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcKeySequencesIT extends KeySequencesConformance {
  private static final Duration BRIEFLY = Duration.ofMillis(200);
  private final String source = "source-" + UUID.randomUUID();
  private final DataSource database;

  JdbcKeySequencesIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected KeySequences open() {
    return JdbcKeySequences.in(database);
  }

  private List<Long> draw(String... keys) {
    List<SequenceKey> names =
        List.of(keys).stream().map(key -> new SequenceKey("orders", key)).toList();
    return open().next(source, names, BRIEFLY);
  }

  @Test
  void aBatchOfWhichOneKeyCannotBeCountedDrawsNoneAndFailsInTime() throws SQLException {
    assertEquals(List.of(1L, 1L), draw("a", "b"));
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      hold(other, "b");
      long begun = System.nanoTime();
      assertThrows(JdbcStoreException.class, () -> draw("a", "b"));
      long took = System.nanoTime() - begun;
      assertTrue(took < Duration.ofSeconds(30).toNanos(), "it took " + Duration.ofNanos(took));
      other.rollback();
    }
    assertEquals(List.of(2L, 2L), draw("a", "b"));
  }

  private void hold(Connection by, String key) throws SQLException {
    String sql = "update bowline_key_sequence set last_number = 7 where sequence_key = ?";
    try (PreparedStatement update = by.prepareStatement(sql)) {
      update.setBytes(1, RowKey.of(source, "orders", key));
      assertEquals(1, update.executeUpdate());
    }
  }

  @Test
  void aRowThatIsSetAboveGoesOnFromThere() throws SQLException {
    assertEquals(List.of(1L), draw("a"));
    try (Connection operator = database.getConnection()) {
      hold(operator, "a");
    }
    assertEquals(List.of(8L), draw("a"));
  }
}
