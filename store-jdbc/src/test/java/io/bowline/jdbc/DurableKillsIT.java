// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.message.Received;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalKafka;
import io.bowline.transport.TopicSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services that store in a file are killed, while a real Kafka is away and while it is there. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class DurableKillsIT {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int KILLS = LONG ? 30 : 4;

  private final BrokerServer kafka = LocalKafka.startNew();
  private final String topic = "durable-" + UUID.randomUUID();
  private final Set<Integer> stored = new TreeSet<>();
  private final Set<Integer> arrived = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Integer>> firsts = new ConcurrentHashMap<>();
  private final List<StoringProcess> processes = new ArrayList<>();
  private int next;

  @TempDir private File folder;

  DurableKillsIT() {
    try (Bowline bowline = Bowline.connect(kafka.address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(2).groups("all"));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (StoringProcess process : processes) {
      List<String> unused = process.kill();
    }
    kafka.close();
  }

  private Path file() {
    return folder.toPath().resolve("shop");
  }

  private StoringProcess storing(String limit) {
    StoringProcess process =
        StoringProcess.start(
            new File(folder, "services.log"),
            limit,
            file().toString(),
            kafka.address(),
            topic,
            "" + next);
    processes.add(process);
    return process;
  }

  /** What a service acknowledged; it may have stored one more that it did not come to tell. */
  private boolean note(String line) {
    boolean whole = line.startsWith(StoringProcess.STORED) && line.endsWith(".");
    if (whole) {
      int number =
          Integer.parseInt(line.substring(StoringProcess.STORED.length(), line.length() - 1));
      stored.add(number);
      next = number + 2;
    }
    return whole;
  }

  private void storeSome(StoringProcess process, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String line = process.next();
      assertTrue(note(line), line);
    }
  }

  private void noteArrival(Received message) {
    int number = Integer.parseInt(message.text().replace("x", ""));
    if (arrived.add(number)) {
      firsts.computeIfAbsent(message.key().orElseThrow(), first -> new ArrayList<>()).add(number);
    }
  }

  private void checkThatAllArrives() throws Exception {
    try (Bowline bowline = Bowline.connect(kafka.address());
        var consumer = bowline.consumer(topic, "all").start(this::noteArrival);
        DurableProducer last =
            DurableProducer.at(file(), "shop").open(() -> Bowline.connect(kafka.address()))) {
      Patience.until("all arrived", () -> arrived.containsAll(stored));
      Patience.until("nothing waits", () -> last.pending().rows() == 0);
      assertEquals("all", consumer.group());
    }
    assertTrue(stored.size() > 10);
    firsts.forEach(
        (key, numbers) ->
            assertEquals(numbers.stream().sorted().toList(), numbers, "first arrivals of " + key));
  }

  @Test
  void whatWasAcknowledgedOutlivesKillsAndABrokerThatIsAway() throws Exception {
    Random random = new Random(7);
    for (int kill = 0; kill < KILLS; kill++) {
      if (kill == KILLS / 4) {
        kafka.kill();
      }
      if (kill == 3 * KILLS / 4) {
        kafka.start();
      }
      StoringProcess process = storing("true");
      storeSome(process, 20 + random.nextInt(200));
      process.kill().forEach(this::note);
    }
    checkThatAllArrives();
  }

  @Test
  void aFileOfAnotherProcessIsTold() throws Exception {
    storeSome(storing("true"), 1);
    DurableProducerBuilder second = DurableProducer.at(file(), "shop");
    String told =
        String.valueOf(
            assertThrows(
                    JdbcStoreException.class,
                    () -> second.open(() -> Bowline.connect(kafka.address())))
                .getMessage());
    assertTrue(told.contains("another process has it open"), told);
  }

  /** A file that may not grow stands for a disk that is full. */
  @Test
  void aFullDiskFailsTheSendAndLosesNothingThatWasAcknowledged() throws Exception {
    kafka.kill();
    StoringProcess process = storing("ulimit -f 4096");
    String line = process.next();
    while (note(line)) {
      line = process.next();
    }
    assertTrue(line.startsWith(StoringProcess.FAILED), line);
    assertTrue(line.contains("room on the disk"), line);
    List<String> unused = process.kill();
    kafka.start();
    assertFalse(stored.isEmpty());
    checkThatAllArrives();
  }
}
