// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import javax.sql.DataSource;

/** What an outbox in H2 keeps of what was sent. */
final class SentMessagesTest extends SentMessages {
  @Override
  DataSource source() {
    return TestDatabases.h2();
  }
}
