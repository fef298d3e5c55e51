// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.gap.Gap.KeyNumbers;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * The messages of an outbox that were sent, in table {@code bowline_outbox_sent}: those that relays
 * took away from an outbox with {@link JdbcOutbox#keepSent}, until they are too old. They can be
 * sent again:
 *
 * <pre>{@code
 * for (KeyNumbers missing : gap.keys()) {
 *   Resent<KeyNumbers> answer = outbox.sent().resend(gap.topic(), missing);
 * }
 * }</pre>
 *
 * <p>What is sent again goes from this table back into the outbox, under its id and the number of
 * its key, and is kept anew once the broker has it. <b>It arrives behind newer ones of its key</b>,
 * in the order of the numbers among themselves; a consumer with an inbox applies what it had before
 * no second time. See {@code docs/outbox.md}. Thread-safe.
 */
public final class OutboxLedger {
  /** The most messages, or numbers, that are asked for at once: 10,000. */
  public static final int MOST_AT_ONCE = 10_000;

  private final Transactions transactions;
  private final String outbox;
  private final Runnable wake;

  OutboxLedger(Transactions transactions, String outbox, Runnable wake) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.wake = wake;
  }

  /**
   * Sends messages of a key again, by their numbers: a gap as {@code gap.keys()} names it.
   *
   * @param numbers a key and its first and last number, both included
   * @return what became of them; what is missing as ranges
   * @throws IllegalArgumentException unless {@code 1 <= from <= to}, and they are at most {@link
   *     #MOST_AT_ONCE}
   * @throws JdbcStoreException if the database fails; then nothing is sent again, unless that says
   *     that it is unknown. To ask once more does no harm
   */
  public Resent<KeyNumbers> resend(String topic, KeyNumbers numbers) {
    Objects.requireNonNull(topic);
    long last = numbers.from() + MOST_AT_ONCE - 1;
    if (numbers.from() < 1 || numbers.to() < numbers.from() || numbers.to() > last) {
      throw new IllegalArgumentException(
          "From 1 to "
              + MOST_AT_ONCE
              + " numbers of a key, each at least 1, can be sent again at once, but it was "
              + numbers
              + ": ask for it in parts");
    }
    return resent("key " + numbers.key(), t -> new SentRows(t, outbox).resend(topic, numbers));
  }

  /**
   * Sends messages again by their ids, in the order in which they were sent.
   *
   * @return what became of them
   * @throws IllegalArgumentException if they are more than {@link #MOST_AT_ONCE}
   * @throws JdbcStoreException as above
   */
  public Resent<String> resend(List<String> messageIds) {
    List<String> ids = List.copyOf(new LinkedHashSet<>(messageIds));
    if (ids.size() > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          "At most "
              + MOST_AT_ONCE
              + " messages can be sent again at once, but it was "
              + ids.size()
              + ": ask for them in parts");
    }
    return resent(ids.size() + " messages", t -> new SentRows(t, outbox).resend(ids));
  }

  private <T> Resent<T> resent(String what, Transactions.Work<Resent<T>> work) {
    Resent<T> answer =
        transactions.run("Sending " + what + " of outbox " + outbox + " again", work);
    wake.run();
    return answer;
  }

  /**
   * Deletes what was sent longer ago than this, {@value PurgeThread#ROWS_AT_ONCE} in a transaction,
   * and returns how many. Each running relay whose outbox keeps what was sent does it anyway, for
   * what is older than that says.
   *
   * @throws IllegalArgumentException if it is negative
   * @throws JdbcStoreException if the database fails; what was deleted until then stays deleted
   */
  public long purge(Duration older) {
    if (older.isNegative()) {
      throw new IllegalArgumentException("How old is not negative, but it was " + older);
    }
    return PurgeThread.all(() -> some(older));
  }

  private int some(Duration older) {
    return transactions.run(
        "Deleting old sent messages of outbox " + outbox,
        t -> new SentRows(t, outbox).delete(older, PurgeThread.ROWS_AT_ONCE));
  }

  /** Deletes what is older, in the background. */
  PurgeThread purging(Duration older, Duration every) {
    return new PurgeThread(
        "bowline-outbox-purge-" + outbox,
        "what outbox " + outbox + " has sent",
        () -> some(older),
        every);
  }
}
