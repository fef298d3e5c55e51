// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.Unprocessable;
import io.bowline.jdbc.JdbcInbox;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Deducts beans; a process of its own. The deduction and the memory of its order are one
 * transaction, so an order that comes twice is deducted once. It tells each deduction in a line on
 * standard output, which is how the story sees it work, and ends when its standard input does.
 */
public final class BeanService {
  static final String GROUP = "bean-service";
  static final String DEDUCTED = "deducted ";
  static final String KNOWN = "known ";

  private final BeanTables tables;
  private final PrintStream out;

  private BeanService(BeanTables tables, PrintStream out) {
    this.tables = tables;
    this.out = out;
  }

  /** Arguments: the broker's address, the topic of orders, and the database's address. */
  public static void main(String[] args) throws IOException {
    BeanService service = new BeanService(new BeanTables(args[1]), System.out);
    int connections = ConsumerBuilder.DEFAULT_CONCURRENCY + 1;
    try (HikariDataSource database = BeanDatabase.pool(args[2], connections);
        JdbcInbox inbox = JdbcInbox.in(database, GROUP).open()) {
      service.serve(args[0], args[1], inbox);
      service.tell(KNOWN + inbox.duplicates());
    }
  }

  private void serve(String address, String topic, JdbcInbox inbox) throws IOException {
    try (Bowline bowline = Bowline.connect(address)) {
      // Closed, and so drained, together with the connection.
      bowline
          .consumer(topic, GROUP)
          .retry(Retry.attempts(5).backoff(Duration.ofMillis(100), Duration.ofSeconds(5)))
          .deadLetters(topic + ".dead")
          .start(inbox.handler(this::deduct));
      int end = System.in.read();
      while (end >= 0) {
        end = System.in.read();
      }
    }
  }

  private void deduct(Received message, Connection connection) throws SQLException {
    Order order = parse(message);
    tables.deduct(order, connection);
    tell(DEDUCTED + order.text());
  }

  private void tell(String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }

  private static Order parse(Received message) {
    try {
      return Order.parse(message.text());
    } catch (RuntimeException malformed) {
      throw new Unprocessable("Not an order: " + message.id(), malformed);
    }
  }
}
