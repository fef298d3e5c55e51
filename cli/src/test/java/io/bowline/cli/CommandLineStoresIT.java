// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.cli.Shell.Result;
import io.bowline.jdbc.JdbcGapStore;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.jdbc.JdbcSchema;
import io.bowline.redis.RedisAccess;
import io.bowline.redis.RedisGapStore;
import io.bowline.testkit.servers.Servers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

final class CommandLineStoresIT {
  private final String name = "cli-" + UUID.randomUUID();

  private static DataSource database(String address) {
    DataSource database =
        new UrlDatabase(address, Optional.empty(), Optional.empty(), Duration.ofSeconds(10));
    JdbcSchema.of(database).create();
    return database;
  }

  @Test
  void gapsAreReadFromPostgres() {
    String address = Servers.postgres().address();
    Stores.miss(JdbcGapStore.in(database(address)), name, "service", true);
    gapIsFound(Jar.run("gaps", address, name, "service"));
  }

  @Test
  void gapsAreReadFromMariaDb() {
    String address = Servers.mariaDb().address();
    Stores.miss(JdbcGapStore.in(database(address)), name, "service", true);
    gapIsFound(Jar.run("gaps", address, name, "service"));
  }

  @Test
  void gapsAreReadFromRedis() {
    String address = Servers.redis().address();
    try (RedisAccess redis = RedisAccess.connect(address)) {
      Stores.miss(RedisGapStore.in(redis), name, "service", true);
    }
    gapIsFound(Jar.run("gaps", address, name, "service"));
  }

  private static void gapIsFound(Result gaps) {
    assertEquals(Exit.FINDINGS, gaps.status(), gaps.err());
    assertTrue(gaps.out().contains("17..19"), gaps.out());
  }

  @Test
  void anOutboxOfPostgresLetsGoWhatIsParked() throws Exception {
    String address = Servers.postgres().address();
    Stores.parkOne(JdbcOutbox.in(database(address), name));
    assertEquals(Exit.FINDINGS, Jar.run("outbox", "list", address, name).status());
    Result retry = Jar.run("outbox", "retry", address, name, "--all");
    assertEquals(Exit.FINE, retry.status(), retry.err());
    assertEquals(Exit.FINE, Shell.run("outbox", "list", address, name).status());
  }
}
