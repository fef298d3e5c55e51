// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/** Settings of a {@link JdbcInbox}, each with a safe default. Not thread-safe. */
public final class JdbcInboxBuilder {
  /**
   * The default {@link #remembers}: 15 days. A message may come again from a broker for 7 days,
   * Kafka's default retention, from the dead letters for 7 more, and then wait for its turn.
   */
  public static final Duration DEFAULT_REMEMBERS = Duration.ofDays(15);

  /** The default {@link #timeout}: 30 s. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** The default {@link #purgeEvery}: 1 min. */
  public static final Duration DEFAULT_PURGE_EVERY = Duration.ofMinutes(1);

  /** The longest span that can be said: 10 years; what is longer counts as this. */
  private static final Duration LONGEST = Duration.ofDays(3_650);

  final DataSource database;
  final String group;
  Duration remembers = DEFAULT_REMEMBERS;
  Duration timeout = DEFAULT_TIMEOUT;
  Duration purgeEvery = DEFAULT_PURGE_EVERY;
  boolean purgesItself = true;

  JdbcInboxBuilder(DataSource database, String group) {
    this.database = Objects.requireNonNull(database);
    if (group.isBlank()) {
      throw new IllegalArgumentException("The group of an inbox is not blank");
    }
    this.group = group;
  }

  /**
   * How long a message is remembered at least, 15 days by default: longer than it may come again
   * after its effect, which the consumer checks at its start. Rows older than that are purged.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public JdbcInboxBuilder remembers(Duration least) {
    this.remembers = positive("remembers", least);
    return this;
  }

  /**
   * How long the database may take to answer a statement of a handler, and, on PostgreSQL, how long
   * a handler may leave its transaction idle: 30 s by default. After that the connection is given
   * up, and the transaction is rolled back. At least 8 s for the former.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms and at most a day
   */
  public JdbcInboxBuilder timeout(Duration longest) {
    Duration checked = positive("timeout", longest);
    if (checked.toMillis() < 1 || checked.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "The timeout of an inbox is from 1 ms to a day, but it was " + longest);
    }
    this.timeout = checked;
    return this;
  }

  /**
   * How long after a purge found nothing more to delete the next one looks, 1 min by default.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public JdbcInboxBuilder purgeEvery(Duration pause) {
    this.purgeEvery = positive("purgeEvery", pause);
    this.purgesItself = true;
    return this;
  }

  /** Purges nothing by itself: {@link JdbcInbox#purge} is called, or partitions are dropped. */
  public JdbcInboxBuilder purgeByHand() {
    this.purgesItself = false;
    return this;
  }

  private static Duration positive(String what, Duration span) {
    if (span.isNegative() || span.isZero()) {
      throw new IllegalArgumentException(what + " of an inbox is above 0, but it was " + span);
    }
    return span.compareTo(LONGEST) < 0 ? span : LONGEST;
  }

  /** The inbox. The database is not asked before the first message, or purge. */
  public JdbcInbox open() {
    return new JdbcInbox(this);
  }
}
