// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
