// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.message.Message;
import io.bowline.outbox.OutboxRelay;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trades, and orders beans to be deducted for each: the trade and its order are one transaction,
 * and a relay sends the order. It tells the ledger which were committed.
 */
final class TradeService implements Runnable {
  static final int USERS = 500;

  /** What a relay of four threads needs, and one for the trades. */
  static final int CONNECTIONS = 8;

  private static final Logger log = LoggerFactory.getLogger(TradeService.class);
  private static final int BEANS = 100;
  private static final String SOURCE = "trade-service";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Bowline bowline;
  private final HikariDataSource database;
  private final String topic;
  private final int orders;
  private final Ledger ledger;
  private final TradeTable trades;

  /**
   * A service that has not begun.
   *
   * @param database where its trades and its outbox are
   * @param topic where orders go; keeps the trades of one story apart from those of another
   */
  TradeService(Bowline bowline, HikariDataSource database, Orders topic, Ledger ledger) {
    this.bowline = bowline;
    this.database = database;
    this.topic = topic.name();
    this.orders = topic.count();
    this.ledger = ledger;
    this.trades = new TradeTable(topic.name());
  }

  /**
   * What is ordered.
   *
   * @param name the topic
   * @param count how many
   */
  record Orders(String name, int count) {}

  /** The name of a user, from 0. */
  static String user(int which) {
    return "user-" + which;
  }

  @Override
  public void run() {
    JdbcOutbox outbox = JdbcOutbox.in(database, topic).keySequences(SOURCE);
    try (OutboxRelay relay = OutboxRelay.of(outbox, bowline.producer(SOURCE)).start()) {
      for (int i = 0; i < orders; i++) {
        trade(outbox, new Order(user(i % USERS), i / USERS + 1, BEANS));
      }
      awaitSent(outbox);
      log.info("All orders are sent: {}", relay.health());
    }
  }

  private void trade(JdbcOutbox outbox, Order order) {
    try {
      var unused = outbox.inTransaction(connection -> trade(outbox, connection, order));
      ledger.committed(order);
    } catch (Exception failure) {
      ledger.failed(order, failure);
    }
  }

  private String trade(JdbcOutbox outbox, Connection connection, Order order) throws SQLException {
    trades.insert(order, connection);
    return outbox.append(connection, Message.to(topic).key(order.user()).text(order.text()));
  }

  /** What is left then is sent by whoever relays this outbox next. */
  private void awaitSent(JdbcOutbox outbox) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (outbox.pending().rows() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
