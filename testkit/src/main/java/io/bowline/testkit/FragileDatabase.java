// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose database breaks off at one step: a connection taken, a statement executed, a
 * commit. For one thread at a time.
 */
final class FragileDatabase {
  private static final int NEVER = Integer.MAX_VALUE;

  private final DataSource healthy;
  private final AtomicInteger steps = new AtomicInteger();
  private volatile int breaksAt = NEVER;
  private volatile Fault fault = Fault.REFUSES;

  /** What happens at the step. */
  enum Fault {
    /** The step fails for a reason that says nothing; the connection stays. */
    REFUSES,
    /** The step is not done: the transaction lost against another, and is rolled back. */
    LOSES,
    /** The step is not done, and the connection is gone. */
    CUTS_BEFORE,
    /** The step is done, and the connection is gone before the answer. */
    CUTS_AFTER
  }

  FragileDatabase(DataSource healthy) {
    this.healthy = healthy;
  }

  /** From now on the step with this number, from 1, goes wrong, once. */
  void breakAt(int step, Fault how) {
    steps.set(0);
    fault = how;
    breaksAt = step;
  }

  /** Goes wrong no more; whether it did. */
  boolean mend() {
    boolean broke = steps.get() >= breaksAt;
    breaksAt = NEVER;
    return broke;
  }

  /** Its connections. */
  DataSource source() {
    return proxy(
        DataSource.class,
        healthy,
        (method, call) ->
            method.getName().equals("getConnection")
                ? lent((Connection) step(null, call))
                : call.now());
  }

  private Connection lent(Connection raw) {
    return proxy(
        Connection.class,
        raw,
        (method, call) -> {
          Object result = method.getName().equals("commit") ? step(raw, call) : call.now();
          if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, statement, steps(raw));
          }
          return result instanceof Statement statement
              ? proxy(Statement.class, statement, steps(raw))
              : result;
        });
  }

  private Way steps(Connection raw) {
    return (method, call) -> method.getName().startsWith("execute") ? step(raw, call) : call.now();
  }

  /** One step on this connection; on none yet if it is to be made. */
  private Object step(@Nullable Connection raw, Call call) throws Throwable {
    if (steps.incrementAndGet() != breaksAt) {
      return call.now();
    }
    if (fault == Fault.CUTS_AFTER && raw != null) {
      Object unused = call.now();
    }
    if (fault == Fault.REFUSES) {
      throw new SQLException("A test lets this step fail", "HY000");
    }
    if (raw != null) {
      raw.rollback();
    }
    if (fault == Fault.LOSES && raw != null) {
      throw new SQLException("A test lets this transaction lose", "40001");
    }
    if (raw != null) {
      raw.close();
    }
    throw new SQLTransientConnectionException("A test cuts this connection", "08006");
  }

  private interface Call {
    Object now() throws Throwable;
  }

  private interface Way {
    Object go(Method method, Call call) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Object target, Way way) {
    InvocationHandler handler =
        (proxy, method, args) -> way.go(method, () -> called(target, method, args));
    ClassLoader loader = FragileDatabase.class.getClassLoader();
    return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler));
  }

  @SuppressWarnings("NullAway") // the null of a method that returns nothing passes through
  private static Object called(Object target, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException failure) {
      throw failure.getCause() == null ? failure : failure.getCause();
    }
  }
}
