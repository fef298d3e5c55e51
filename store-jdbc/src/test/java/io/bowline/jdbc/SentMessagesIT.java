// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What outboxes in real databases keep of what was sent. */
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class SentMessagesIT extends SentMessages {
  private final TestDatabases kind;

  SentMessagesIT(TestDatabases kind) {
    this.kind = kind;
  }

  @Override
  DataSource source() {
    return kind.source();
  }
}
