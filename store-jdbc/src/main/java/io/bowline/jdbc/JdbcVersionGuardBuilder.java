// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.VersionRule.Epochs;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/** Settings of a {@link JdbcVersionGuard}, each with a safe default. Not thread-safe. */
public final class JdbcVersionGuardBuilder {
  /** The default {@link #waits}: 5 min, longer than a send takes that ends well in the end. */
  public static final Duration DEFAULT_WAITS = Duration.ofMinutes(5);

  /** The default {@link #timeout}: 30 s. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** The longest wait: 10 years; what is longer counts as this. */
  private static final Duration LONGEST = Duration.ofDays(3_650);

  final DataSource database;
  final String group;
  Duration timeout = DEFAULT_TIMEOUT;
  boolean passesUnnumbered;
  private Duration waits = DEFAULT_WAITS;
  private Epochs epochs = Epochs.APART;
  private boolean beginsAnywhere;
  private boolean acceptsHoles;

  JdbcVersionGuardBuilder(DataSource database, String group) {
    this.database = Objects.requireNonNull(database);
    if (group.isBlank()) {
      throw new IllegalArgumentException("The group of a version guard is not blank");
    }
    this.group = group;
  }

  /**
   * Says that all producers of each source draw the numbers of their keys from one store ({@code
   * ProducerBuilder.keySequences}): they go on from one producer to the next, and there is one
   * sequence for each key of a source. By default each incarnation of a producer has a sequence of
   * its own, and the guard says nothing of the order among them. A producer that counts in memory
   * all the same is found out: what it sends is not taken for done, but {@code Unprocessable}.
   */
  public JdbcVersionGuardBuilder throughEpochs() {
    this.epochs = Epochs.ON;
    return this;
  }

  /**
   * Says that all messages of each source come through an outbox with key sequences: as {@link
   * #throughEpochs}, and each number is drawn once, at the append. So a relay that takes over may
   * send again what the one before it sent, under the same number: that took effect before. A
   * producer of the same source that counts in memory is <em>not</em> found out.
   */
  public JdbcVersionGuardBuilder throughOutbox() {
    this.epochs = Epochs.AGAIN;
    return this;
  }

  /**
   * Lets a key of which nothing is known begin with whatever number comes first: for a topic that
   * was in use before the guard was. By default numbers begin with 1, or, unless {@link
   * #throughEpochs} or {@link #throughOutbox} is said, with a message on which its producer wrote
   * that it is the first.
   */
  public JdbcVersionGuardBuilder beginAnywhere() {
    this.beginsAnywhere = true;
    return this;
  }

  /**
   * For how long a missing number is waited for, by the database's clock and since a later one came
   * first; 5 min by default. Meanwhile the later messages of the key stay in memory, and are not
   * acknowledged. After that each of them fails by {@link VersionMissing}.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public JdbcVersionGuardBuilder waits(Duration longest) {
    if (longest.isNegative()) {
      throw new IllegalArgumentException(
          "waits of a version guard is not negative, but it was " + longest);
    }
    this.waits = longest.compareTo(LONGEST) < 0 ? longest : LONGEST;
    return this;
  }

  /**
   * Passes over numbers that were waited for in vain, so that the later ones take effect: for
   * effects that can bear that. A message that was passed over never takes effect, should it come
   * after all.
   */
  public JdbcVersionGuardBuilder acceptHoles() {
    this.acceptsHoles = true;
    return this;
  }

  /**
   * Lets messages take effect that have no number, whenever and as often as they come; they are
   * {@code Unprocessable} by default. These are messages without key, and those of plain clients.
   */
  public JdbcVersionGuardBuilder passUnnumbered() {
    this.passesUnnumbered = true;
    return this;
  }

  /**
   * How long the database may take to answer a statement of a handler, and, on PostgreSQL, how long
   * a handler may leave its transaction idle: 30 s by default, as of {@link JdbcInboxBuilder}.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms and at most a day
   */
  public JdbcVersionGuardBuilder timeout(Duration longest) {
    if (longest.toMillis() < 1 || longest.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "The timeout of a version guard is from 1 ms to a day, but it was " + longest);
    }
    this.timeout = longest;
    return this;
  }

  VersionRule rule() {
    return new VersionRule(epochs, beginsAnywhere, waits.toMillis(), acceptsHoles);
  }

  /** The guard. The database is not asked before the first message. */
  public JdbcVersionGuard open() {
    return new JdbcVersionGuard(this);
  }
}
