// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.BlockIds;
import io.bowline.id.IdsUnavailable;
import io.bowline.id.SnowflakeIds;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids of an H2 in memory, as a user opens them. */
@Timeout(60)
final class IdTablesTest {
  private final DataSource database = TestDatabases.h2();

  @Test
  void aCounterBeginsWithOneAndGoesOnAfterTheBlockOfAnother() {
    JdbcSchema.of(database).create();
    JdbcIdBlocks orders = JdbcIdBlocks.counter(database, "orders");
    assertEquals("orders-1", BlockIds.of(orders).prefix("orders-").open().next());
    assertEquals("orders-1001", BlockIds.of(orders).prefix("orders-").open().next());
    JdbcIdBlocks others = JdbcIdBlocks.counter(database, "others");
    assertEquals("1", BlockIds.of(others).open().next());
  }

  @Test
  void aWorkerIdIsLentAndGivenBack() {
    JdbcSchema.of(database).create();
    JdbcWorkerLeases leases = JdbcWorkerLeases.in(database, "shop");
    try (SnowflakeIds one = SnowflakeIds.leased(leases).open();
        SnowflakeIds two = SnowflakeIds.leased(leases).open()) {
      assertEquals(OptionalInt.of(0), SnowflakeIds.workerOf(one.next()));
      assertEquals(OptionalInt.of(1), SnowflakeIds.workerOf(two.next()));
    }
  }

  @Test
  void aMissingTableSaysWhatToRun() {
    var leases = SnowflakeIds.leased(JdbcWorkerLeases.in(database, "shop"));
    var counter = BlockIds.of(JdbcIdBlocks.counter(database, "shop"));
    var rows = BlockIds.of(JdbcIdBlocks.autoIncrement(database));
    for (String why :
        new String[] {
          String.valueOf(assertThrows(IdsUnavailable.class, leases::open).getMessage()),
          String.valueOf(assertThrows(IdsUnavailable.class, counter::open).getMessage()),
          String.valueOf(assertThrows(IdsUnavailable.class, rows::open).getMessage())
        }) {
      assertTrue(why.contains("run the statements of bowline/schema-h2.sql"), why);
    }
  }

  @Test
  void namesAreShortAndPlain() {
    for (String name : new String[] {"", " ", "a b", "caf\u00e9", "x".repeat(65)}) {
      assertThrows(IllegalArgumentException.class, () -> JdbcWorkerLeases.in(database, name), name);
      assertThrows(
          IllegalArgumentException.class, () -> JdbcIdBlocks.counter(database, name), name);
    }
  }
}
