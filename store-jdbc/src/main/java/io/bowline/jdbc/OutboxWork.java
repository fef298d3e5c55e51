// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;

/** What is done in the transaction of {@link JdbcOutbox#inTransaction}. */
@FunctionalInterface
public interface OutboxWork<T> {
  /**
   * Changes what is to be changed and appends what is to be said of it. It neither commits nor
   * closes the connection.
   *
   * @throws Exception if nothing of it is to be
   */
  T in(Connection connection) throws Exception;
}
