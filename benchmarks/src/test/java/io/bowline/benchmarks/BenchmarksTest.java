// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.micro.GapBenchmark;
import io.bowline.benchmarks.micro.ProducerBenchmark;
import io.bowline.benchmarks.micro.StampBenchmark;
import io.bowline.gap.Sight;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The harness runs through. What it measures in so short a time decides nothing. */
final class BenchmarksTest {

  /** What a run of one short round prints. */
  static String printed(String side, String broker) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String[] shortest = {
      side, broker, "--sizes", "100", "--seconds", "0.05", "--rounds", "1", "--warm-ups", "0"
    };
    try (PrintStream out = new PrintStream(bytes, true, UTF_8)) {
      new Benchmarks(Options.parse(shortest), out).run();
    }
    return bytes.toString(UTF_8);
  }

  /** How many contestants have a line in a table. */
  static long lines(String printed, String who) {
    return printed.lines().filter(line -> line.startsWith("| 100 | " + who)).count();
  }

  @Test
  void eachContestantHasALineInEachTable() throws Exception {
    String printed = printed("send", "none");
    assertEquals(4, lines(printed, "Bowline"), printed);
    assertTrue(printed.contains("1.00 (1.00 to 1.00)"), printed);
  }

  @Test
  void microBenchmarksRun() {
    StampBenchmark stamp = new StampBenchmark();
    assertTrue(stamp.read().isPresent());
    assertTrue(stamp.write().contains(stamp.id().substring(0, 1)));
    GapBenchmark gaps = new GapBenchmark();
    gaps.write();
    assertEquals(Sight.BASELINE, gaps.observe());
    ProducerBenchmark producer = new ProducerBenchmark();
    producer.open();
    assertEquals("benchmark", producer.oneByOne(new ProducerBenchmark.Caller()).topic());
    producer.close();
  }

  @Test
  void theCommandLineIsUnderstood() {
    Options options =
        Options.parse("kafka", "--seconds", "1.5", "--sizes", "7,8", "--only", "one by one: ba");
    assertEquals(Duration.ofMillis(1500), options.time());
    assertEquals("[kafka] [7, 8]", options.brokers() + " " + options.sizes());
    assertEquals(2, options.sides().size());
    assertEquals("[CONSUME]", Options.parse("consume").sides().toString());
    assertEquals("[EFFECTS]", Options.parse("effects").sides().toString());
    assertEquals("[OUTBOX]", Options.parse("outbox").sides().toString());
    assertTrue(options.wants("one by one", "bare"));
    assertTrue(!options.wants("one by one", "Bowline"));
    assertThrows(IllegalArgumentException.class, () -> Options.parse("--fast"));
    assertThrows(IllegalArgumentException.class, () -> Options.parse("--sizes"));
  }
}
