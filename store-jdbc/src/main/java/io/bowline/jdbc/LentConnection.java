// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a handler gets it: whoever lends it commits or rolls back, so the handler cannot,
 * nor what would do so on the way. It notes what ends a transaction on the server, even if the
 * handler makes nothing of it: MariaDB, for one, rolls back the whole transaction of who loses in a
 * deadlock, and what such a handler did after that would be committed without what it did before.
 */
final class LentConnection {
  private final Connection connection;
  private final Dialect dialect;
  private final Connection guarded;
  private volatile boolean over;
  private volatile @Nullable SQLException doomed;
  private volatile @Nullable SQLException last;

  LentConnection(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
    this.guarded = proxy(Connection.class, connection);
  }

  /** For the handler. */
  Connection guarded() {
    return guarded;
  }

  /** The handler has ended: whatever it kept of the connection does nothing any more. */
  void end() {
    over = true;
  }

  /** What ended the transaction on the server while the handler was at work; null if nothing. */
  @Nullable SQLException doomed() {
    return doomed;
  }

  /** Whether this is what the connection threw last; or it comes from elsewhere. */
  boolean threw(SQLException failure) {
    return failure == last;
  }

  private <T> T proxy(Class<T> type, Object target) {
    ClassLoader loader = LentConnection.class.getClassLoader();
    return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, new Guard(target)));
  }

  /** Stands between the handler and a connection, or what came of it. */
  private final class Guard implements InvocationHandler {
    private final Object target;

    Guard(Object target) {
      this.target = target;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
        throws Throwable {
      Object first = args == null || args.length == 0 ? null : args[0];
      return switch (method.getName()) {
        case "equals" -> proxy == first;
        case "hashCode" -> System.identityHashCode(proxy);
        case "toString" -> target.getClass().getSimpleName() + " lent to a handler";
        case "getConnection" -> guarded;
        case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
        case "unwrap" ->
            first instanceof Class<?> type && type.isInstance(proxy)
                ? proxy
                : passed(method, args, first);
        default -> passed(method, args, first);
      };
    }

    private @Nullable Object passed(
        Method method, @Nullable Object @Nullable [] args, @Nullable Object first)
        throws Throwable {
      if (over) {
        return afterwards(method);
      }
      if (target == connection) {
        refuse(method, first);
        if (method.getName().equals("setTransactionIsolation")) {
          return null; // it is so already, and must not be set for those who come after
        }
      }
      refuseText(method, first);
      return lent(called(method, args));
    }

    private @Nullable Object called(Method method, @Nullable Object @Nullable [] args)
        throws Throwable {
      try {
        return method.invoke(target, args);
      } catch (InvocationTargetException failure) {
        Throwable thrown = failure.getCause() == null ? failure : failure.getCause();
        if (thrown instanceof SQLException sql) {
          note(sql);
        }
        throw thrown;
      }
    }
  }

  private void note(SQLException failure) {
    last = failure;
    SqlFailure kind = SqlFailure.of(dialect, failure);
    if (kind == SqlFailure.LOST || kind == SqlFailure.BROKEN) {
      doomed = failure;
    }
  }

  /** Closing is no mistake then, and nothing else does anything. */
  private static @Nullable Object afterwards(Method method) throws SQLException {
    return switch (method.getName()) {
      case "close" -> null;
      case "isClosed" -> true;
      case "isValid" -> false;
      default ->
          throw new SQLException(
              method.getName()
                  + "() came after the handler had returned: its connection was lent to it until"
                  + " then, and has been given back");
    };
  }

  private void refuse(Method method, @Nullable Object first) throws SQLException {
    boolean refused =
        switch (method.getName()) {
          case "commit", "close", "abort", "setNetworkTimeout" -> true;
          case "rollback" -> first == null; // to a savepoint of its own it may
          case "setAutoCommit", "setReadOnly" -> Boolean.TRUE.equals(first);
          case "setTransactionIsolation" ->
              first instanceof Integer level && level != Connection.TRANSACTION_READ_COMMITTED;
          default -> false;
        };
    if (refused) {
      throw notTheHandlers(method.getName() + "()");
    }
  }

  private void refuseText(Method method, @Nullable Object first) {
    String name = method.getName();
    if (first instanceof String sql
        && (name.startsWith("execute") || name.startsWith("prepare") || name.equals("addBatch"))
        && SqlText.endsTransaction(dialect, sql)) {
      throw notTheHandlers("The statement '" + sql.strip().split("\\s", 2)[0] + " …'");
    }
  }

  private static IllegalStateException notTheHandlers(String what) {
    return new IllegalStateException(
        what
            + " is not the handler's to call on the connection that is lent to it: whoever lends"
            + " it commits after the handler returned, together with the row that remembers the"
            + " message, and rolls back if it throws. For work outside this transaction take"
            + " another connection");
  }

  private @Nullable Object lent(@Nullable Object result) {
    if (result instanceof CallableStatement) {
      return proxy(CallableStatement.class, result);
    }
    if (result instanceof PreparedStatement) {
      return proxy(PreparedStatement.class, result);
    }
    if (result instanceof Statement) {
      return proxy(Statement.class, result);
    }
    return result instanceof DatabaseMetaData ? proxy(DatabaseMetaData.class, result) : result;
  }
}
