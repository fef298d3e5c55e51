// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A database of H2 in a file, open in this process alone. One connection holds it open. H2 is named
 * by its driver only, so that nobody needs it who has no such file. Thread-safe.
 */
final class H2File implements DataSource, AutoCloseable {
  static final String DRIVER = "org.h2.Driver";

  /** H2's code for a file that another process has open. */
  private static final int IN_USE = 90_020;

  /** Those that this process has open: H2 would let them share one. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Driver driver;
  private final Path path;
  private final String url;
  private final Object lock = new Object();
  private Connection holder;
  private boolean closed;

  /**
   * Opens the file, or makes it.
   *
   * @param path without the ending {@code .mv.db}, which H2 adds
   * @throws IllegalStateException if H2 is not on the class path, or this process has it open
   * @throws IllegalArgumentException if the path has a semicolon
   * @throws JdbcStoreException if it cannot be opened
   */
  H2File(Path path, String driverName) {
    this.path = path.toAbsolutePath().normalize();
    this.driver = driver(driverName);
    if (this.path.toString().contains(";")) {
      throw new IllegalArgumentException(
          "H2 takes no path with a semicolon, but it was " + this.path);
    }
    this.url = "jdbc:h2:file:" + this.path;
    if (!OPEN.add(this.path)) {
      throw new IllegalStateException(
          "The file " + this.path + ".mv.db is open in this process already: share that producer");
    }
    try {
      this.holder = opened();
    } catch (RuntimeException failure) {
      OPEN.remove(this.path);
      throw failure;
    }
  }

  private static Driver driver(String name) {
    try {
      Class<? extends Driver> found = Class.forName(name).asSubclass(Driver.class);
      return found.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException(
          "A durable producer keeps its messages in a file of H2, whose driver "
              + name
              + " is not on the class path: add com.h2database:h2, 2.2 or later",
          absent);
    }
  }

  private Connection opened() {
    try {
      Connection connection = connected(url + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
      try (Statement statement = connection.createStatement()) {
        statement.execute("set write_delay 0");
        return connection;
      } catch (SQLException failure) {
        connection.close();
        throw failure;
      }
    } catch (SQLException failure) {
      throw new JdbcStoreException(
          "The file "
              + path
              + ".mv.db cannot be opened: "
              + (failure.getErrorCode() == IN_USE
                  ? "another process has it open, and a file serves one process at a time: give"
                      + " each instance of a service a path of its own"
                  : "see that its folder can be written and the disk has room; H2 says: "
                      + failure.getMessage()),
          failure,
          false);
    }
  }

  private Connection connected(String to) throws SQLException {
    Properties user = new Properties();
    user.setProperty("user", "sa");
    user.setProperty("password", "");
    Connection connection = driver.connect(to, user);
    if (connection == null) {
      throw new SQLException("The driver does not know " + url);
    }
    return connection;
  }

  /** A connection of its own; H2 gives them quickly. */
  @Override
  public Connection getConnection() throws SQLException {
    synchronized (lock) {
      if (closed) {
        throw new SQLException("The file " + path + ".mv.db was closed", "08003");
      }
      if (holder.isClosed()) {
        holder = opened(); // H2 lets go of a file that it could not write
      }
    }
    return connected(url);
  }

  /**
   * Returns once all that was committed is written.
   *
   * @param force to the disk itself; else the operating system has it
   */
  void write(boolean force) throws SQLException {
    try (Connection connection = getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(force ? "checkpoint sync" : "checkpoint");
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      OPEN.remove(path);
      try {
        holder.close();
      } catch (SQLException failure) {
        throw new JdbcStoreException(
            "Closing the file " + path + ".mv.db failed: " + failure.getMessage(), failure, false);
      }
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("The file has no other user");
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("This is no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
