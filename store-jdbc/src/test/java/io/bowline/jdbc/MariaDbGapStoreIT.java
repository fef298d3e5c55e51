// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.gap.GapStore;
import io.bowline.testkit.GapStoreConformance;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalMariaDb;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** What was completed, kept in a real database that is killed and frozen. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class MariaDbGapStoreIT extends GapStoreConformance {
  private static BrokerServer server;
  private static HikariDataSource database;

  @BeforeAll
  static void startDatabase() {
    server = LocalMariaDb.startNew();
    database = TestDatabases.pool(server);
    JdbcSchema.of(database).create();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
    server.close();
  }

  @Override
  protected GapStore open() {
    return JdbcGapStore.in(database);
  }

  @Override
  protected Optional<BrokerServer> server() {
    return Optional.of(server);
  }
}
