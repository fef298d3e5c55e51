// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.MessageIds;
import io.bowline.id.UuidV7Ids;
import io.bowline.message.Message;
import io.bowline.message.Names;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.OutboxStore;
import io.bowline.outbox.Parked;
import io.bowline.outbox.Pending;
import io.bowline.outbox.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Messages that are appended in the transaction of the change they tell of, in table {@code
 * bowline_outbox}: both are committed or neither is. A relay sends them.
 *
 * <pre>{@code
 * JdbcOutbox outbox = JdbcOutbox.in(dataSource, "trades");
 * outbox.inTransaction(connection -> {
 *   trades.insert(connection, trade);
 *   return outbox.append(connection, Message.to("beans.deduct").key("user-7").text("100"));
 * });
 * }</pre>
 *
 * <p>A message has its id from the append on, and under no other is it ever sent. What of order and
 * delivery follows from which setting is in {@code docs/outbox.md}. Methods throw a {@link
 * JdbcStoreException} if the database fails. Thread-safe; each method that changes a setting
 * returns another object, for the same rows.
 */
public final class JdbcOutbox implements OutboxStore {
  /** The default bound of {@link #mostPending}: 1,000,000 messages. */
  public static final long DEFAULT_MOST_PENDING = 1_000_000;

  private static final Duration PURGED_EVERY = Duration.ofMinutes(1);
  private static final Duration ID_WITHIN = Duration.ofSeconds(5);
  private static final MessageIds IDS = UuidV7Ids.system();

  private final DataSource database;
  private final String name;
  private final Transactions transactions;
  private final Set<Runnable> listeners;
  private final OutboxSettings settings;

  private JdbcOutbox(JdbcOutbox other, OutboxSettings settings) {
    this.database = other.database;
    this.name = other.name;
    this.listeners = other.listeners;
    this.settings = settings;
    this.transactions = new Transactions(database, settings.tables());
  }

  private JdbcOutbox(DataSource database, String name) {
    this.database = Objects.requireNonNull(database);
    this.name = ShortName.checked("an outbox", name);
    this.listeners = ConcurrentHashMap.newKeySet();
    OutboxBound bound = new OutboxBound(name, DEFAULT_MOST_PENDING, true);
    this.settings = new OutboxSettings(bound, null, null);
    this.transactions = new Transactions(database, settings.tables());
  }

  /**
   * An outbox in the database of the business data, which is not asked before the first call.
   *
   * @param name keeps its messages apart from those of other outboxes in this database, such as
   *     {@code trades}
   * @throws IllegalArgumentException unless the name has from 1 to 64 printable ASCII characters
   *     without spaces
   */
  public static JdbcOutbox in(DataSource database, String name) {
    return new JdbcOutbox(database, name);
  }

  /**
   * The same with numbers for messages with a key, 1, 2, 3 … for ever, drawn in the transaction
   * that appends: transactions that append to one key follow each other, and what they say arrives
   * in the order of their commits. All that append to an outbox, and its relays, must say the same.
   *
   * @param source the source of the relay's producer, whose numbers these are
   */
  public JdbcOutbox keySequences(String source) {
    return new JdbcOutbox(this, settings.numbered(Names.required("source", source)));
  }

  /**
   * The same with another bound of messages that wait, 1,000,000 by default; counted now and then,
   * so that some more may come in.
   *
   * @param refuse whether an append beyond it fails with {@link OutboxFull}, as by default; else it
   *     is told in the log
   * @throws IllegalArgumentException unless it is at least 1 and at most {@link
   *     Pending#MOST_COUNTED}
   */
  public JdbcOutbox mostPending(long messages, boolean refuse) {
    OutboxBound.check(messages);
    return new JdbcOutbox(this, settings.bounded(new OutboxBound(name, messages, refuse)));
  }

  /**
   * The same whose relays file away what was sent, in table {@code bowline_outbox_sent}, instead of
   * only deleting it: so it can be {@linkplain OutboxLedger#resend sent again}. Each running relay
   * purges what is older. Not kept by default, which costs nothing; all relays must say the same.
   *
   * @param atLeast for how long what was sent is kept, by the database's clock
   * @throws IllegalArgumentException unless it is above 0
   */
  public JdbcOutbox keepSent(Duration atLeast) {
    return new JdbcOutbox(this, settings.keeping(atLeast));
  }

  /**
   * What was sent and is kept, to send it again; whatever this object says of {@link #keepSent}.
   */
  public OutboxLedger sent() {
    return new OutboxLedger(
        new Transactions(database, OutboxTables.ROWS, OutboxTables.SENT), name, this::wake);
  }

  /**
   * Appends a message in the transaction that is open on this connection; who opened it commits it.
   * If that fails or is rolled back the message was never there. After the commit {@link #wake}
   * lets a relay in this process know at once; without it that asks soon.
   *
   * @return the id of the message, a new one if it has none
   * @throws SQLException if the database fails: roll back
   * @throws IllegalStateException if the connection commits each statement by itself
   * @throws OutboxFull if too many messages wait
   */
  public String append(Connection connection, Message message) throws SQLException {
    return append(connection, List.of(message)).get(0);
  }

  /**
   * Appends several messages, in the order of the list; see {@link #append(Connection, Message)}.
   */
  public List<String> append(Connection connection, List<Message> messages) throws SQLException {
    if (messages.isEmpty()) {
      return List.of();
    }
    OutboxTransaction.required(connection, name);
    List<Message> named = messages.stream().map(JdbcOutbox::named).toList();
    Transaction transaction = new Transaction(connection, transactions.kind(connection).dialect());
    settings.bound().admit(new OutboxRows(transaction, name)::count, named.size());
    new OutboxAppend(transaction, name).append(named, settings.source());
    wake(); // they are not committed yet: a relay asks often for a while
    return named.stream().map(message -> message.id().orElseThrow()).toList();
  }

  private static Message named(Message message) {
    return message.id().isPresent() ? message : message.id(IDS.next(ID_WITHIN));
  }

  /**
   * Does work in a transaction of its own and commits it, then wakes a relay in this process; if
   * the work throws, all is rolled back.
   *
   * @throws Exception what the work throws, or a {@link SQLException} of the commit: if that is
   *     about the connection it may have been done
   */
  public <T> T inTransaction(OutboxWork<T> work) throws Exception {
    T result = OutboxTransaction.run(database, work);
    wake();
    return result;
  }

  /** Lets a relay in this process look at once for messages, as after a commit. */
  public void wake() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public Listening listen(Runnable woken) {
    Runnable own = () -> woken.run(); // so that each listens for itself
    listeners.add(own);
    Duration kept = settings.kept();
    Listening purge = kept == null ? () -> {} : sent().purging(kept, PURGED_EVERY)::close;
    return () -> {
      listeners.remove(own);
      purge.close();
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int lanes() {
    return OutboxTables.LANES;
  }

  @Override
  public boolean numbered() {
    return settings.source() != null;
  }

  @Override
  public Standing beat(String relay, Duration lease) {
    return transactions.run(
        "Renewing the lanes of outbox " + name, t -> new OutboxLanes(t, name).beat(relay, lease));
  }

  @Override
  public List<LaneLease> take(String relay, int most, Duration lease) {
    return transactions.run(
        "Taking lanes of outbox " + name, t -> new OutboxLanes(t, name).take(relay, most, lease));
  }

  @Override
  public void giveBack(List<LaneLease> leases) {
    var unused =
        transactions.run(
            "Giving back lanes of outbox " + name, t -> new OutboxLanes(t, name).giveBack(leases));
  }

  @Override
  public void leave(String relay) {
    var unused =
        transactions.run("Leaving outbox " + name, t -> new OutboxLanes(t, name).leave(relay));
  }

  /** Ends all leases: whoever had one cannot be there any more. */
  void freeLanes() {
    var unused =
        transactions.run("Freeing outbox " + name, t -> new OutboxLanes(t, name).freeAll());
  }

  @Override
  public List<Integer> ready(String relay) {
    return transactions.run(
        "Looking into outbox " + name, t -> new OutboxRows(t, name).ready(relay));
  }

  @Override
  public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
    return transactions.run(
        "Reading lane " + lease.lane() + " of outbox " + name,
        t -> new OutboxRows(t, name).read(lease, most, bytes));
  }

  @Override
  public Map<LaneLease, List<OutboxRow>> readFirst(List<LaneLease> leases, int most, long bytes) {
    return transactions.run(
        "Reading outbox " + name, t -> new OutboxRows(t, name).readFirst(leases, most, bytes));
  }

  @Override
  public boolean finish(LaneLease lease, List<Long> ids) {
    return finishAll(Map.of(lease, ids)).isEmpty();
  }

  @Override
  public Set<LaneLease> finishAll(Map<LaneLease, List<Long>> confirmed) {
    return transactions.run(
        "Taking away messages of outbox " + name,
        t -> new OutboxRows(t, name).finish(confirmed, settings.kept() != null));
  }

  @Override
  public boolean park(LaneLease lease, OutboxRow row, String reason) {
    return transactions.run(
        "Parking row " + row.id() + " of outbox " + name,
        t -> new OutboxParking(t, name).park(lease, row, reason));
  }

  @Override
  public List<Parked> parked(int most) {
    return transactions.run(
        "Listing what is parked of outbox " + name, t -> new OutboxParking(t, name).parked(most));
  }

  @Override
  public boolean unpark(String token) {
    byte[] line = HexFormat.of().parseHex(token);
    boolean done =
        transactions.run(
            "Unparking in outbox " + name,
            t -> new OutboxParking(t, name).unpark(line, settings.source()));
    wake();
    return done;
  }

  @Override
  public Pending pending() {
    return transactions.run("Counting outbox " + name, t -> new OutboxRows(t, name).pending());
  }
}
