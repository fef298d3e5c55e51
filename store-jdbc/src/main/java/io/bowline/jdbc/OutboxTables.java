// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import io.bowline.message.Message;

/** The tables of outboxes, and where in them a message lies. */
final class OutboxTables {
  /** So many lanes has each outbox, always: so nobody can disagree on where a key lies. */
  static final int LANES = 32;

  /** No row lies there. */
  static final int NO_LANE = Integer.MIN_VALUE;

  static final Table ROWS =
      new Table(
          "bowline_outbox",
          "id, outbox, lane, line_key, key_number, topic, key_name, message_id, message,"
              + " appended_at");
  static final Table LANE = new Table("bowline_outbox_lane", "outbox, lane, owner, epoch, free_at");
  static final Table RELAY = new Table("bowline_outbox_relay", "outbox, relay, alive_until");
  static final Table PARKED =
      new Table(
          "bowline_outbox_parked",
          "outbox, line_key, lane, topic, key_name, message_id, reason, parked_at");

  static final Table SENT =
      new Table(
          "bowline_outbox_sent",
          "id, outbox, lane, line_key, key_number, topic, key_name, message_id, message,"
              + " appended_at, sent_at");

  private OutboxTables() {}

  /** Where those lie aside that are parked. */
  static int aside(int lane) {
    return -1 - lane;
  }

  /** What its key is known by in its topic, or it alone without key. */
  static byte[] line(Message message) {
    String topic = message.topic();
    return message
        .key()
        .map(key -> line(topic, key))
        .orElseGet(() -> RowKey.of("id", topic, message.id().orElseThrow()));
  }

  /** What a key is known by in its topic. */
  static byte[] line(String topic, String key) {
    return RowKey.of("key", topic, key);
  }
}
