// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A database by its JDBC address, with a new connection each time: a command needs few. */
final class UrlDatabase implements DataSource {
  private final String url;
  private final Properties login = new Properties();

  /**
   * Not asked yet.
   *
   * @throws IllegalArgumentException if no driver knows such an address; nothing of it is shown,
   *     since it may hold a password
   */
  UrlDatabase(String url, Optional<String> user, Optional<Password> password, Duration timeout) {
    this.url = url;
    try {
      var unused = DriverManager.getDriver(url);
    } catch (SQLException unknown) {
      throw new IllegalArgumentException(
          "Not a store's address: it should be like jdbc:postgresql://host/database,"
              + " jdbc:mariadb://host/database, jdbc:h2:file or redis://host:6379",
          unknown);
    }
    user.ifPresent(name -> login.setProperty("user", name));
    password.ifPresent(secret -> login.setProperty("password", secret.text()));
    DriverManager.setLoginTimeout((int) Math.max(1, timeout.toSeconds()));
  }

  @Override
  public Connection getConnection() throws SQLException {
    return DriverManager.getConnection(url, login);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return DriverManager.getConnection(url, username, password);
  }

  @Override
  public PrintWriter getLogWriter() {
    return DriverManager.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    DriverManager.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) {
    DriverManager.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() {
    return DriverManager.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("Not a " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  @Override
  public String toString() {
    return "UrlDatabase";
  }
}
