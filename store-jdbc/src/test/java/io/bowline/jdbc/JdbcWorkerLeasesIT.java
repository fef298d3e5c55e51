// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.WorkerLeases;
import io.bowline.testkit.WorkerLeasesConformance;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Worker ids lent by real databases. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcWorkerLeasesIT extends WorkerLeasesConformance {
  private final DataSource database;

  JdbcWorkerLeasesIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected WorkerLeases open(String name) {
    return JdbcWorkerLeases.in(database, name);
  }
}
