// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.outbox.Delays.Delay;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.outbox.OutboxRelay;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a message is on its way from the commit to a consumer of Kafka's own, at 1,500
 * transactions a second. Each transaction has its time beforehand, and is late if it is, so that a
 * pause counts for all that came meanwhile.
 */
final class LatencyScene {
  static final int PER_SECOND = 1_500;
  private static final String HEAD =
      """
      | who | from | p50 ms | p95 ms | p99 ms | most ms |
      |---|---|--:|--:|--:|--:|
      """;
  private static final String BUSINESS = "insert into bench_trade (trade) values (?)";

  private final Options options;
  private final PrintStream out;

  LatencyScene(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  private record Entry(String name, boolean numbered) {}

  /** Measures, and prints. */
  void run() throws Exception {
    String title = "From commit to consumer, %,d transactions a second".formatted(PER_SECOND);
    List<Entry> chosen = new ArrayList<>();
    for (Entry one :
        List.of(new Entry("Bowline", false), new Entry("Bowline, key sequences", true))) {
      if (options.wants(title, one.name)) {
        chosen.add(one);
      }
    }
    if (!chosen.isEmpty()) {
      System.err.println(title);
      out.printf("%n### %s%n%n%s", title, HEAD);
      try (Place place = new Place()) {
        place.execute("create table bench_trade (trade bigint not null)");
        for (Entry one : chosen) {
          measure(place, one);
        }
      }
    }
  }

  /** All rounds of one: a delay of each message, of all rounds together. */
  private void measure(Place place, Entry one) throws Exception {
    List<Delays> rounds = new ArrayList<>();
    for (int number = -options.warmUps(); number < options.rounds(); number++) {
      Delays round = round(place, one.numbered);
      System.err.printf("  %-9s %-28s %s%n", number < 0 ? "warm-up" : number + 1, one.name, round);
      if (number >= 0) {
        rounds.add(round);
      }
    }
    for (Delay from : Delay.values()) {
      out.printf("| %s | %s | %s |%n", one.name, from, Delays.line(rounds, from));
    }
    out.flush();
  }

  private Delays round(Place place, boolean numbered) throws Exception {
    String topic = place.freshTopic();
    place.execute("truncate bowline_outbox, bowline_key_sequence, bench_trade");
    place.tidy();
    JdbcOutbox plain = JdbcOutbox.in(place.database(), topic);
    JdbcOutbox outbox = numbered ? plain.keySequences(topic) : plain;
    int messages = (int) Math.max(100, options.time().toMillis() * PER_SECOND / 1_000);
    Delays delays = new Delays(messages);
    try (Arrivals arrivals = new Arrivals(place.kafkaHosts(), topic, delays);
        OutboxRelay relay = OutboxRelay.of(outbox, place.bowline().producer(topic)).start();
        Schedule schedule = new Schedule(PER_SECOND)) {
      while (relay.lanes() < outbox.lanes()) {
        Thread.onSpinWait();
      }
      schedule.run(delays, number -> trade(outbox, topic, number));
      arrivals.awaitAll();
    }
    return delays;
  }

  private static void trade(JdbcOutbox outbox, String topic, int number) throws Exception {
    var unused =
        outbox.inTransaction(
            connection -> {
              insert(connection, number);
              return outbox.append(
                  connection, Load.message(topic, number).header("number", "" + number));
            });
  }

  private static void insert(Connection connection, int number) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(BUSINESS)) {
      insert.setLong(1, number);
      insert.executeUpdate();
    }
  }
}
