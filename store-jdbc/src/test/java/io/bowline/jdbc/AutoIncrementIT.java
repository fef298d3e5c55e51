// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import io.bowline.testkit.IdBlocksConformance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of rows that real databases number. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class AutoIncrementIT extends IdBlocksConformance {
  private final DataSource database;

  AutoIncrementIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected IdBlocks open(String counter) {
    return JdbcIdBlocks.autoIncrement(database);
  }

  @Test
  void aRowStandsForAThousandNumbers() {
    IdBlock block = open("any").reserve(1_000_000);
    assertEquals(1_000, block.count());
    assertEquals(1, block.first() % 1_000);
  }

  @Test
  void oldRowsAreRemoved() throws SQLException {
    IdBlocks store = open("any");
    for (int i = 0; i < 250; i++) {
      var unused = store.reserve(1);
    }
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from bowline_id_high")) {
      assertTrue(rows.next());
      int left = rows.getInt(1);
      assertTrue(left >= 1 && left < 220, left + " rows");
    }
  }
}
