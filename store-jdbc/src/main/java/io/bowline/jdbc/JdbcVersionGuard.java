// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Handler;
import io.bowline.consumer.OutOfTurn;
import io.bowline.consumer.Postponed;
import io.bowline.consumer.Unprocessable;
import io.bowline.jdbc.VersionRows.KeyOfSource;
import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.transport.OncePerMinute;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the messages of a key their effects in the order of their numbers, each once: the handler
 * works in the transaction that raises the number of its key by one in table {@code
 * bowline_version}. There is one row for each key, however many messages it has.
 *
 * <pre>{@code
 * JdbcVersionGuard guard = JdbcVersionGuard.in(dataSource, "bean-service").open();
 * bowline.consumer("beans.deduct", "bean-service").deadLetters("beans.deduct.dead").start(
 *     guard.handler((message, connection) -> beans.deduct(connection, message.text())));
 * }</pre>
 *
 * <p>The next number takes effect. A lower or equal one took effect before, and is acknowledged
 * without a call of the handler; one that was passed over is {@link Unprocessable}, since its
 * successors took effect without it. A higher one is {@link OutOfTurn}: it stays, and those behind
 * it have their turn. Once the missing one was waited for in vain, the higher one fails by {@link
 * VersionMissing}, or is let through if that was chosen. While the database is down, full or
 * read-only the message is {@link Postponed}. Transactions that fail are done again as those of
 * {@link JdbcInbox} are.
 *
 * <p>Numbers count within one incarnation of a producer, unless {@link
 * JdbcVersionGuardBuilder#throughEpochs} says otherwise. The page {@code docs/effects-once.md} says
 * what follows. Thread-safe; it has no thread and nothing to close.
 */
public final class JdbcVersionGuard {
  private static final Logger log = LoggerFactory.getLogger(JdbcVersionGuard.class);
  private static final String MEMORY = "The version guard in table " + VersionRows.NAME;

  private final String group;
  private final boolean passesUnnumbered;
  private final VersionRule rule;
  private final VersionRows rows;
  private final Transactions transactions;
  private final InboxRun run;
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder pastHoles = new LongAdder();
  private final OncePerMinute warnings = new OncePerMinute();

  JdbcVersionGuard(JdbcVersionGuardBuilder settings) {
    this.group = settings.group;
    this.passesUnnumbered = settings.passesUnnumbered;
    this.rule = settings.rule();
    this.rows = new VersionRows(group, settings.timeout);
    this.transactions = new Transactions(settings.database, VersionRows.TABLE);
    this.run = new InboxRun(settings.database, transactions, MEMORY, settings.timeout);
  }

  /**
   * A guard of a group, in this database, where the handlers' effects are too.
   *
   * @param group the consumer's group; two groups know nothing of each other's messages
   * @throws IllegalArgumentException if it is blank
   */
  public static JdbcVersionGuardBuilder in(DataSource database, String group) {
    return new JdbcVersionGuardBuilder(database, group);
  }

  /** A consumer's handler of single messages, for {@code start}. */
  public Handler handler(InboxHandler work) {
    Objects.requireNonNull(work);
    return message -> handle(message, work);
  }

  private void handle(Received message, InboxHandler work) throws Exception {
    Optional<Stamp> stamp = stamp(message);
    Optional<KeyNumber> number = stamp.flatMap(Stamp::keyNumber);
    Optional<String> key = message.key();
    if (stamp.isEmpty() || number.isEmpty() || key.isEmpty()) {
      unnumbered(message, work);
      return;
    }
    KeyOfSource of =
        new KeyOfSource(message.topic(), stamp.get().source(), stamp.get().epoch(), key.get());
    VersionClaim claim = new VersionClaim(rows, rule, of, number.get());
    run.run(List.of(message), claim, (fresh, connection) -> work.handle(message, connection));
    ended(claim);
  }

  /** A replay of dead letters has numbers of its own, which say nothing of the first sender's. */
  private static Optional<Stamp> stamp(Received message) {
    String replayed = message.headers().get(DeadLetterHeaders.REPLAYED_STAMP);
    if (replayed != null) {
      return StampCodec.read(replayed);
    }
    boolean byReplay = message.headers().containsKey(DeadLetterHeaders.REPLAYS);
    return byReplay ? Optional.empty() : message.stamp();
  }

  private void unnumbered(Received message, InboxHandler work) throws Exception {
    if (!passesUnnumbered) {
      throw new Unprocessable(
          "A version guard orders messages by the numbers of their keys, and this one has none: it"
              + " has no key, or no stamp that can be read. Send it with a key by a producer of"
              + " Bowline, or let such messages take effect whenever they come, by"
              + " passUnnumbered()");
    }
    run.run(
        List.of(message),
        (transaction, all) -> all,
        (fresh, connection) -> work.handle(message, connection));
  }

  /** What the transaction that was committed says of the message. */
  private void ended(VersionClaim claim) {
    switch (claim.verdict()) {
      case APPLY -> {}
      case APPLY_PAST_HOLE -> {
        pastHoles.increment();
        if (warnings.allows("hole")) {
          log.warn(
              "Group {}: {} took effect though numbers between {} and it have not come, since holes"
                  + " are accepted. Told at most once a minute",
              group,
              claim.told(),
              claim.state().last());
        }
      }
      case DONE -> duplicates.increment();
      case LATE -> throw new Unprocessable(late(claim));
      case BACK -> throw new Unprocessable(back(claim));
      case WAIT -> throw new OutOfTurn("Too early: " + waits(claim));
      case MISSING ->
          throw new VersionMissing(
              "Waited in vain: "
                  + waits(claim)
                  + ". If the missing message is lost or dead, replay it, or give it up by"
                  + " skip(…) of the version guard, and replay this one");
    }
  }

  private static String waits(VersionClaim claim) {
    return "%s comes after %d, and not all between have come"
        .formatted(claim.told(), claim.state().last());
  }

  private static String late(VersionClaim claim) {
    return "%s comes late: it was given up, by its producer or here, and %d took effect without it"
        .formatted(claim.told(), claim.state().last());
  }

  private static String back(VersionClaim claim) {
    return ("%s is of a later producer than number %d, and not above it: either its producer does"
            + " not draw numbers from a store (keySequences), which throughEpochs() needs, or that"
            + " store went back")
        .formatted(claim.told(), claim.state().last());
  }

  /** How many messages came, to this object, that had taken effect before. */
  public long duplicates() {
    return duplicates.sum();
  }

  /** How often a message took effect, by this object, though earlier numbers had not come. */
  public long pastHoles() {
    return pastHoles.sum();
  }

  /**
   * The keys of the group whose next number is waited for, the longest first; also those whose
   * later messages went to the dead letters meanwhile.
   *
   * @param most how many at most, from 1
   * @throws JdbcStoreException if the database fails
   * @throws IllegalArgumentException unless {@code most} is at least 1
   */
  public List<WaitingKey> waiting(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("At least 1 is asked for, but it was " + most);
    }
    return transactions.run(
        "Looking for waiting keys of group " + group,
        transaction -> rows.waiting(transaction, most));
  }

  /**
   * Gives up the numbers of a key up to one that took no effect yet: the next one is that behind
   * it. A message with a number that was given up never takes effect, should it come after all.
   *
   * @param upTo up to and with this one: {@code key.lowest() - 1} lets the lowest that waits go on
   * @return whether anything was given up: false if that many took effect, or were given up, before
   * @throws JdbcStoreException if the database fails
   * @throws IllegalArgumentException if the key is not one that {@link #waiting} told
   */
  public boolean skip(WaitingKey key, long upTo) {
    byte[] row = HexFormat.of().parseHex(key.id());
    return transactions.run(
        "Skipping numbers of key " + key.key() + " up to " + upTo,
        transaction -> {
          VersionRows.Row known =
              rows.lock(transaction, row)
                  .orElseThrow(() -> new IllegalArgumentException("No such key is known: " + key));
          VersionState before = known.state();
          if (upTo <= before.last()) {
            return false;
          }
          NumberRanges skipped = before.without().with(before.last() + 1, upTo);
          rows.save(transaction, row, before.at(upTo, before.epoch(), skipped, known.now()));
          return true;
        });
  }
}
