// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import java.sql.Connection;

/**
 * A user's work on one message, done in the transaction of a {@link JdbcInbox} or a {@link
 * JdbcVersionGuard}. Called by several threads at once, each with a connection of its own.
 */
@FunctionalInterface
public interface InboxHandler {

  /**
   * Works on a message that was not done before. Returning commits what was done by the connection,
   * together with the row that remembers the message; throwing anything rolls both back, and the
   * message is tried again. What is done by other means, as another connection or a call of a
   * service, is not part of it: that may happen twice. It may be called more than once in one
   * attempt, if its transaction lost against another.
   *
   * @param connection until the return; READ COMMITTED. It refuses to be committed, rolled back or
   *     closed; savepoints are the handler's own
   * @throws Unprocessable if trying again cannot help: the message is dead-lettered at once
   * @throws Exception if it failed
   */
  void handle(Received message, Connection connection) throws Exception;
}
