// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.IdBlocks;
import io.bowline.testkit.IdBlocksConformance;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of counters of real databases. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcIdBlocksIT extends IdBlocksConformance {
  private final DataSource database;

  JdbcIdBlocksIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected IdBlocks open(String counter) {
    return JdbcIdBlocks.counter(database, counter);
  }
}
