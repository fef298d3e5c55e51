// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.message.Names;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * The keys of an outbox, for a person who has one of them wait: while what it is for is mended,
 * say. {@link JdbcOutbox#parked} lists it with those that the broker refused, and {@link
 * JdbcOutbox#unpark} lets it go on. Thread-safe.
 */
public final class OutboxKeys {
  private final Transactions transactions;
  private final String outbox;

  private OutboxKeys(DataSource database, String outbox) {
    this.transactions = new Transactions(database, OutboxTables.ROWS, OutboxTables.PARKED);
    this.outbox = ShortName.checked("an outbox", outbox);
  }

  /**
   * The keys of the outbox of this name, in a database that is not asked before the first call.
   *
   * @throws IllegalArgumentException as {@link JdbcOutbox#in}
   */
  public static OutboxKeys in(DataSource database, String name) {
    return new OutboxKeys(Objects.requireNonNull(database), name);
  }

  /**
   * Puts a key aside: no relay reads a message of it from now on, those that are appended later
   * included, until it is unparked. What a relay has read before is sent all the same; if that
   * relay ends in the very same moment it may be sent once more after the unparking, and with
   * numbers under a new one.
   *
   * @param reason who parks it and why, for people
   * @return false, and nothing is changed, if it is parked already
   * @throws JdbcStoreException if the database fails
   * @throws IllegalArgumentException if the topic or the reason is blank
   */
  public boolean park(String topic, String key, String reason) {
    Names.required("topic", topic);
    Names.required("reason", reason);
    Objects.requireNonNull(key);
    return transactions.run(
        "Parking a key of outbox " + outbox,
        t -> new OutboxParking(t, outbox).park(topic, key, reason));
  }

  /**
   * Whether anything was ever heard of an outbox of this name: a message or a parked key is in it,
   * or a relay was at work. If not, the name may be mistyped.
   *
   * @throws JdbcStoreException if the database fails
   */
  public boolean known() {
    return transactions.run(
        "Looking for outbox " + outbox,
        t ->
            new OutboxLanes(t, outbox).known()
                || new OutboxRows(t, outbox).count(1) > 0
                || !new OutboxParking(t, outbox).parked(1).isEmpty());
  }
}
