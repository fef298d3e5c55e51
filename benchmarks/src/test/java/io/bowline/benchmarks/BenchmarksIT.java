// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The harness runs through on the real brokers; see {@link BenchmarksTest}. */
final class BenchmarksIT {

  @Test
  void kafkaIsMeasured() throws Exception {
    String printed = BenchmarksTest.printed("send", "kafka");
    assertEquals(3, BenchmarksTest.lines(printed, "bare"), printed);
    assertEquals(6, BenchmarksTest.lines(printed, "Bowline"), printed);
    assertEquals(3, BenchmarksTest.lines(printed, "Spring"), printed);
  }

  @Test
  void rabbitIsMeasured() throws Exception {
    String printed = BenchmarksTest.printed("send", "rabbitmq");
    assertEquals(3, BenchmarksTest.lines(printed, "bare"), printed);
    assertEquals(6, BenchmarksTest.lines(printed, "Bowline"), printed);
    assertEquals(3, BenchmarksTest.lines(printed, "Spring"), printed);
  }

  @Test
  void rocketIsMeasured() throws Exception {
    String printed = BenchmarksTest.printed("send", "rocketmq");
    assertEquals(5, BenchmarksTest.lines(printed, "bare"), printed);
    assertEquals(3, BenchmarksTest.lines(printed, "Bowline"), printed);
  }

  @Test
  void readersOfKafkaAreMeasured() throws Exception {
    String printed = BenchmarksTest.printed("consume", "kafka");
    assertEquals(1, BenchmarksTest.lines(printed, "bare"), printed);
    assertEquals(3, BenchmarksTest.lines(printed, "Bowline"), printed);
    assertEquals(1, BenchmarksTest.lines(printed, "ceiling"), printed);
  }

  @Test
  void readersOfRabbitAreMeasured() throws Exception {
    String printed = BenchmarksTest.printed("consume", "rabbitmq");
    assertEquals(2, BenchmarksTest.lines(printed, "bare"), printed);
    assertEquals(2, BenchmarksTest.lines(printed, "Bowline"), printed);
  }

  @Test
  void readersOfRocketAreMeasured() throws Exception {
    String printed = BenchmarksTest.printed("consume", "rocketmq");
    assertEquals(2, BenchmarksTest.lines(printed, "PushConsumer"), printed);
    assertEquals(1, BenchmarksTest.lines(printed, "Bowline"), printed);
  }

  @Test
  void effectsAreMeasured() throws Exception {
    String printed = BenchmarksTest.printed("effects", "none");
    List<String> ways = ways(printed);
    List<String> inbox = List.of("the transaction alone", "Bowline's inbox");
    for (int at = 0; at < 8; at += 2) {
      assertEquals(inbox, ways.subList(at, at + 2), printed);
    }
    assertEquals(
        List.of("two bare SETs", "Bowline's claim and done", "no purge", "while purged"),
        ways.subList(8, ways.size()),
        printed);
  }

  @Test
  void theOutboxIsMeasured() throws Exception {
    String printed = BenchmarksTest.printed("outbox", "none");
    List<String> ways = ways(printed);
    List<String> appends =
        List.of(
            "the transaction alone",
            "with a bare insert of it",
            "with Bowline's outbox",
            "with key sequences too");
    assertEquals(appends, ways.subList(0, 4), printed);
    assertEquals(appends, ways.subList(4, 8), printed);
    assertEquals(
        List.of(
            "naive poller, no order",
            "Bowline",
            "Bowline, key sequences",
            "gruelbox, no order",
            "Namastack"),
        ways.subList(8, 13),
        printed);
    assertEquals(
        List.of("Bowline", "Bowline", "Bowline, key sequences", "Bowline, key sequences"),
        ways.subList(13, ways.size()),
        printed);
  }

  /** The first cells of all lines. */
  private static List<String> ways(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| who"))
        .map(line -> line.substring(2, line.indexOf(" |", 2)))
        .toList();
  }
}
