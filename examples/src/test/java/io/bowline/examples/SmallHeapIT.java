// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a producer holds does not grow with what it has sent, nor what a consumer holds with what it
 * has received. {@code -Dbowline.long=true} sends ten times as many: on Kafka a million.
 */
@Timeout(1_200)
class SmallHeapIT {
  private static final int HEAP_MIB = 256;

  /** It takes 55 on Kafka, whatever the count: 32 are the client's buffers, the rest known keys. */
  private static final int LIVE_MIB = 65;

  /** For a tenth of the receipts. */
  private static final int SMALL_HEAP_MIB = 64;

  /** Whatever the count: most is the client's, and 100,000 chains of gaps at most. */
  private static final int LIVE_RECEIVING_MIB = 60;

  private static final int TIMES = Boolean.getBoolean("bowline.long") ? 10 : 1;

  private static final Pattern FIGURES =
      Pattern.compile("confirmed=(\\d+) rejected=0 unknown=0 unresolved=0 live=(\\d+) .*");

  private static final Pattern RECEIPTS =
      Pattern.compile(
          "all=true missing=0 settled=(\\d+) returned=0 repeated=\\d+ unordered=0 live=(\\d+) .*");

  @Test
  void aMillionSendsFinishOnKafka() throws Exception {
    finishes(Servers.kafka(), 100_000 * TIMES);
  }

  @Test
  void manySendsFinishOnRabbitMq() throws Exception {
    finishes(Servers.rabbitmq(), 20_000 * TIMES);
  }

  @Test
  void manySendsFinishOnRocketMq() throws Exception {
    finishes(Servers.rocketmq(), 20_000 * TIMES);
  }

  @Test
  void aMillionReceiptsFinishOnKafka() throws Exception {
    areReceived(Servers.kafka(), 100_000 * TIMES);
  }

  @Test
  void manyReceiptsFinishOnRabbitMq() throws Exception {
    areReceived(Servers.rabbitmq(), 20_000 * TIMES);
  }

  @Test
  void manyReceiptsFinishOnRocketMq() throws Exception {
    areReceived(Servers.rocketmq(), 10_000 * TIMES);
  }

  /**
   * Two messages of each key, from a consumer whose JVM has a quarter of the memory unless long.
   */
  private static void areReceived(BrokerServer server, int count) throws Exception {
    String topic = "many." + Long.toString(System.nanoTime(), 36);
    int keys = count / 2;
    try (Bowline bowline = Bowline.connect(server.address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(8).groups("all"));
      send(bowline, topic, count, keys);
    }
    int heap = TIMES == 1 ? SMALL_HEAP_MIB : HEAP_MIB;
    String counts = Integer.toString(count);
    String said =
        child(heap, ManyReceipts.class, server.address(), topic, "all", counts, keys + "");
    String scheme = server.address().replaceAll(":.*", "");
    System.out.printf("[bowline] %s, %d receipts, -Xmx%dm: %s%n", scheme, count, heap, said);
    Matcher figures = RECEIPTS.matcher(said);
    assertTrue(figures.matches(), said);
    assertTrue(Integer.parseInt(figures.group(1)) >= count, said);
    assertTrue(Integer.parseInt(figures.group(2)) < LIVE_RECEIVING_MIB, said);
  }

  private static void send(Bowline bowline, String topic, int count, int keys) {
    Duration longest = Duration.ofMinutes(10);
    try (ReliableProducer producer =
        bowline.producer("many").maxBlock(longest).deadline(longest).open()) {
      for (int i = 0; i < count; i++) {
        var unused = producer.send(Message.to(topic).key("key-" + i % keys).text("" + i));
      }
      assertEquals(count, producer.close(longest).confirmed());
    }
  }

  private static void finishes(BrokerServer server, int sends) throws Exception {
    String topic = "many." + Long.toString(System.nanoTime(), 36);
    try (Bowline bowline = Bowline.connect(server.address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(8).groups("nobody"));
    }
    String said =
        child(HEAP_MIB, ManySends.class, server.address(), topic, Integer.toString(sends));
    String scheme = server.address().replaceAll(":.*", "");
    System.out.printf("[bowline] %s, %d sends, -Xmx%dm: %s%n", scheme, sends, HEAP_MIB, said);
    Matcher figures = FIGURES.matcher(said);
    assertTrue(figures.matches(), said);
    assertEquals(sends, Integer.parseInt(figures.group(1)), said);
    assertTrue(Integer.parseInt(figures.group(2)) < LIVE_MIB, said);
  }

  /** What a JVM with little memory said; it ends when this one does. */
  private static String child(int heapMiB, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heapMiB + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            main.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it said " + said + ", and does not end");
      assertEquals(0, process.exitValue(), "the exit status, after it said: " + said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
