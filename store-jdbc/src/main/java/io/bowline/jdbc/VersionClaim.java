// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.VersionRows.KeyOfSource;
import io.bowline.jdbc.VersionRows.Row;
import io.bowline.jdbc.VersionRule.Step;
import io.bowline.jdbc.VersionRule.Verdict;
import io.bowline.message.Received;
import io.bowline.message.Stamp.KeyNumber;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * One message that asks whether it is its turn; what the last transaction said counts. For one
 * thread.
 */
final class VersionClaim implements InboxRun.Claim {
  private final VersionRows rows;
  private final VersionRule rule;
  private final KeyOfSource key;
  private final byte[] row;
  private final KeyNumber number;
  private Verdict verdict = Verdict.WAIT;
  private VersionState state = VersionState.NEW;

  /**
   * @param number that of the stamp
   */
  VersionClaim(VersionRows rows, VersionRule rule, KeyOfSource key, KeyNumber number) {
    this.rows = rows;
    this.rule = rule;
    this.key = key;
    this.row = rule.row(key, rows.group());
    this.number = number;
  }

  @Override
  public List<Received> take(Transaction transaction, List<Received> messages) throws SQLException {
    verdict = decided(transaction);
    return verdict == Verdict.APPLY || verdict == Verdict.APPLY_PAST_HOLE ? messages : List.of();
  }

  private Verdict decided(Transaction transaction) throws SQLException {
    if (rows.raise(transaction, row, number.sequence(), key.epoch())) {
      return Verdict.APPLY;
    }
    Row known = locked(transaction);
    Step step = rule.of(known.state(), number, key.epoch(), known.now());
    state = known.state();
    if (!step.next().equals(known.state())) {
      rows.save(transaction, row, step.next());
    }
    return step.verdict();
  }

  private Row locked(Transaction transaction) throws SQLException {
    Optional<Row> known = rows.lock(transaction, row);
    if (known.isPresent()) {
      return known.get();
    }
    rows.begin(transaction, row, key);
    return rows.lock(transaction, row)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The row of %s in table %s was removed meanwhile"
                        .formatted(told(), VersionRows.NAME)));
  }

  Verdict verdict() {
    return verdict;
  }

  /** What was known before this message, unless it was simply the next one. */
  VersionState state() {
    return state;
  }

  /** Names it, for people. */
  String told() {
    return "number %d of key %s of source %s, epoch %s, of topic %s"
        .formatted(
            number.sequence(),
            RowKey.shown(key.key()),
            key.source(),
            Long.toHexString(key.epoch()),
            key.topic());
  }
}
