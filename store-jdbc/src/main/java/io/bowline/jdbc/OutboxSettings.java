// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said of an outbox.
 *
 * @param source whose numbers the rows have; null where they have none
 * @param kept for how long what was sent is kept; null if it is not
 */
record OutboxSettings(OutboxBound bound, @Nullable String source, @Nullable Duration kept) {
  /** The longest span that can be said: 10 years; what is longer counts as this. */
  private static final Duration LONGEST = Duration.ofDays(3_650);

  OutboxSettings bounded(OutboxBound other) {
    return new OutboxSettings(other, source, kept);
  }

  OutboxSettings numbered(String by) {
    return new OutboxSettings(bound, by, kept);
  }

  OutboxSettings keeping(Duration atLeast) {
    if (atLeast.isNegative() || atLeast.isZero()) {
      throw new IllegalArgumentException(
          "keepSent of an outbox is above 0, but it was "
              + atLeast
              + ": leave it out to keep nothing");
    }
    return new OutboxSettings(bound, source, atLeast.compareTo(LONGEST) < 0 ? atLeast : LONGEST);
  }

  /** The tables that are needed. */
  Table[] tables() {
    List<Table> needed =
        new ArrayList<>(
            List.of(OutboxTables.ROWS, OutboxTables.LANE, OutboxTables.RELAY, OutboxTables.PARKED));
    if (source != null) {
      needed.add(new Table(JdbcKeySequences.TABLE, JdbcKeySequences.COLUMNS));
    }
    if (kept != null) {
      needed.add(OutboxTables.SENT);
    }
    return needed.toArray(Table[]::new);
  }
}
