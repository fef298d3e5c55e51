// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import java.sql.Connection;
import java.util.List;

/**
 * A user's work on several messages at once, all in one transaction of a {@link JdbcInbox}. Called
 * by several threads at once, each with a connection of its own.
 */
@FunctionalInterface
public interface InboxBatchHandler {

  /**
   * Works on those messages of a batch that were not done before, all or nothing; as {@link
   * InboxHandler#handle} does on one.
   *
   * @param messages at least one, each of them once; unmodifiable
   * @throws Unprocessable if trying the batch again cannot help
   * @throws Exception if it failed
   */
  void handle(List<Received> messages, Connection connection) throws Exception;
}
