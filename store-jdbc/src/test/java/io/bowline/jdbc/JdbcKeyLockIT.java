// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.testkit.KeyLockConformance;
import io.bowline.testkit.SeverableLeases;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks lent by real databases. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcKeyLockIT extends KeyLockConformance {
  private final DataSource database;

  JdbcKeyLockIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected Opened open(String realm, Duration lease) {
    return SeverableLeases.process(JdbcLockLeases.in(database, realm), lease);
  }
}
