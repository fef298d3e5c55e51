// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A real database whose connections fail as they are told to. Thread-safe. */
final class FickleSource {
  private final DataSource database;
  volatile boolean away;
  volatile boolean readOnly;

  /** The next commit is done, and then its connection is lost. */
  volatile boolean losesAnswer;

  /** A rollback fails, and the connection stays as it is. */
  volatile boolean cannotRollBack;

  FickleSource(DataSource database) {
    this.database = database;
  }

  DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            FickleSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) ->
                method.getName().equals("getConnection")
                    ? connection()
                    : invoked(database, method, arguments));
  }

  private static Object invoked(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Connection connection() throws SQLException {
    if (away) {
      throw new SQLException("the database is away", "08001");
    }
    Connection real = database.getConnection();
    if (readOnly) {
      real.setReadOnly(true);
    }
    return (Connection)
        Proxy.newProxyInstance(
            FickleSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("rollback") && cannotRollBack) {
                throw new SQLException("it is not rolled back");
              }
              Object answer = invoked(real, method, arguments);
              if (method.getName().equals("commit") && losesAnswer) {
                losesAnswer = false;
                real.close();
                throw new SQLException("the connection was lost", "08006");
              }
              return answer;
            });
  }
}
