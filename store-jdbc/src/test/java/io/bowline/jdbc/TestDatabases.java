// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Databases for tests. */
enum TestDatabases {
  POSTGRESQL,
  MARIADB,
  H2;

  static final JdbcSchema.Table LANES = new JdbcSchema.Table("bowline_gap_lane", "lane_key, claim");

  /** A source without a pool: each connection is a new one. */
  DataSource source() {
    return switch (this) {
      case POSTGRESQL -> source(Servers.postgres());
      case MARIADB -> source(Servers.mariaDb());
      case H2 -> h2();
    };
  }

  static DataSource source(BrokerServer server) {
    return new UrlDataSource(server.address());
  }

  /** A pool as services have it; whoever asks closes it. */
  static HikariDataSource pool(BrokerServer server) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.address());
    config.setMaximumPoolSize(8);
    config.setConnectionTimeout(3_000);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** A new empty database in memory, which lives as long as somebody has it open, and longer. */
  static JdbcDataSource h2() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return source;
  }
}
