// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.Retry;
import io.bowline.transport.TopicSpec;
import java.io.DataInputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The main class of a consumer with an inbox. Its broker is in its own memory and begins anew with
 * it: it sends every message there is, twice, under the same id. It tells how many were
 * acknowledged, ends in order when it is told {@link #LEAVE}, and at once when its standard input
 * ends.
 */
final class InboxProcess {
  static final int LEAVE = 'l';
  static final String DONE = "done ";
  private static final String GROUP = "billing";
  private static final int KEYS = 20;

  private final InboxOrders orders;
  private final PrintStream out;
  private final Set<String> done = ConcurrentHashMap.newKeySet();

  private InboxProcess(InboxOrders orders, PrintStream out) {
    this.orders = orders;
    this.out = out;
  }

  /** Runs until told to leave, killed, or alone. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    InboxProcess process = new InboxProcess(InboxOrders.read(in), out);
    try (Bowline bowline = Bowline.connect("memory://inbox")) {
      bowline.admin().ensure(TopicSpec.of(process.orders.topic()).lanes(4).groups(GROUP));
      ReliableConsumer consumer = process.start(bowline);
      out.println(ChildJvm.JOINED);
      process.send(bowline);
      if (in.read() == LEAVE) {
        out.println(consumer.close(ReliableConsumer.DEFAULT_DRAIN));
      }
      Runtime.getRuntime().halt(0);
    }
  }

  private ReliableConsumer start(Bowline bowline) throws ReflectiveOperationException {
    InboxKills.Opener opener =
        Class.forName(orders.opener())
            .asSubclass(InboxKills.Opener.class)
            .getDeclaredConstructor()
            .newInstance();
    Handler inbox = opener.open(orders.address(), GROUP, this::deduct);
    return bowline
        .consumer(orders.topic(), GROUP)
        .retry(Retry.forever().backoff(Duration.ofMillis(5), Duration.ofMillis(200)))
        .start(
            message -> {
              inbox.handle(message);
              tell(message);
            });
  }

  private void tell(Received message) {
    if (done.add(message.id())) {
      out.println(DONE + done.size());
    }
  }

  private void send(Bowline bowline) {
    ReliableProducer producer = bowline.producer("trade").open();
    for (int i = orders.first(); i < orders.end(); i++) {
      Message message = Message.to(orders.topic()).key("k" + i % KEYS).id("m" + i).text("m" + i);
      // Under another key it may be handled at the same time.
      Message copy = Message.to(orders.topic()).key("copy" + i % KEYS).id("m" + i).text("m" + i);
      var unused = producer.send(message);
      var unusedToo = producer.send(copy);
    }
  }

  /** One row for the message, and one that all have in common. */
  private void deduct(Received message, Connection connection) throws SQLException {
    change(connection, "insert into " + orders.table() + " values (?, 1)", message.id());
    change(connection, "update " + orders.table() + " set n = n + 1 where id = ?", "balance");
  }

  private static void change(Connection connection, String sql, String id) throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(sql)) {
      change.setString(1, id);
      int unused = change.executeUpdate();
    }
  }
}
