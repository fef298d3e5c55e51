// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Handler;
import io.bowline.testkit.InboxConformance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit on real databases. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcInboxIT extends InboxConformance {
  private final DataSource database;
  private final List<JdbcInbox> opened = new ArrayList<>();

  JdbcInboxIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected DataSource database() {
    return database;
  }

  @Override
  protected Handler handler(DataSource leadingThere, String group, Effect effect) {
    JdbcInbox inbox = JdbcInbox.in(leadingThere, group).purgeByHand().open();
    synchronized (opened) {
      opened.add(inbox);
    }
    return inbox.handler(effect::apply);
  }

  @AfterEach
  void close() {
    opened.forEach(JdbcInbox::close);
  }
}
