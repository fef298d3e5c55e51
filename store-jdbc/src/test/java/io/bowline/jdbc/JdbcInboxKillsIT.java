// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bowline.consumer.Handler;
import io.bowline.testkit.InboxConformance.Effect;
import io.bowline.testkit.InboxKills;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Consumers with an inbox in real databases, killed again and again. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class JdbcInboxKillsIT extends InboxKills {
  private final BrokerServer server;

  JdbcInboxKillsIT(TestDatabases kind) {
    server = kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb();
    JdbcSchema.of(database()).create();
  }

  @Override
  protected Class<? extends Opener> opener() {
    return Opening.class;
  }

  @Override
  protected String address() {
    return server.address();
  }

  @Override
  protected DataSource database() {
    return new UrlDataSource(server.address());
  }

  /** As services have it: with a pool. */
  public static final class Opening implements Opener {
    /** Found by its name. */
    public Opening() {}

    @Override
    public Handler open(String address, String group, Effect effect) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(address);
      config.setMaximumPoolSize(17);
      return JdbcInbox.in(new HikariDataSource(config), group).open().handler(effect::apply);
    }
  }
}
