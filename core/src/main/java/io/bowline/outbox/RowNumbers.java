// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Numbers of keys that were drawn before, by the business transaction: the producer, which asks on
 * the thread that sends, is given that of the row which this thread sends.
 */
final class RowNumbers implements KeySequences {
  private static final ThreadLocal<OutboxRow> SENDING = new ThreadLocal<>();

  /** Sends with the number of this row. */
  <T> T with(OutboxRow row, Supplier<T> send) {
    SENDING.set(row);
    try {
      return send.get();
    } finally {
      SENDING.remove();
    }
  }

  @Override
  public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
    OutboxRow row = SENDING.get();
    if (row == null || keys.size() != 1) {
      throw new IllegalStateException("Numbers of an outbox are for its rows, one at a time");
    }
    return List.of(row.number());
  }

  @Override
  public boolean again() {
    OutboxRow row = SENDING.get();
    return row != null && row.again();
  }
}
