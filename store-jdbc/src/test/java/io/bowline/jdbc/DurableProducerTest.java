// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.outbox.OutboxHealth;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages in a file, and a broker in memory that is not always there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class DurableProducerTest {
  private static final String TOPIC = "beans.deduct";

  private final InMemoryBroker broker = InMemoryBroker.named("durable-" + UUID.randomUUID());

  @TempDir private Path folder;

  @BeforeEach
  void makeTopic() {
    try (Bowline bowline = Bowline.connect(broker.address())) {
      bowline.admin().ensure(new TopicSpec(TOPIC, 4, List.of("beans")));
    }
  }

  private DurableProducerBuilder producer() {
    return DurableProducer.at(folder.resolve("new").resolve("shop"), "shop");
  }

  private DurableProducer open() {
    return producer().open(() -> Bowline.connect(broker.address()));
  }

  private static Bowline away() {
    throw new IllegalStateException("A broker that is away, as a test has it");
  }

  private static Message message(int number) {
    return Message.to(TOPIC).key("k").id("m" + number).text("" + number);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }

  private List<String> stored() {
    return broker.stored(TOPIC).stream().map(Outgoing::messageId).toList();
  }

  private static void awaitSent(DurableProducer producer) throws Exception {
    Patience.until("nothing waits", () -> producer.pending().rows() == 0);
  }

  @Test
  void whatWasStoredWhileTheBrokerWasAwayIsSentByTheNextProcessInOrder() throws Exception {
    try (DurableProducer first = producer().open(DurableProducerTest::away)) {
      for (int i = 0; i < 5; i++) {
        assertEquals("m" + i, first.send(message(i)));
      }
      assertEquals(5, first.pending().rows());
      assertTrue(first.relay().isEmpty());
    }
    try (DurableProducer second = open()) {
      List<String> unused = second.send(List.of(message(5), message(6)));
      awaitSent(second);
      assertEquals(OutboxHealth.Status.UP, second.relay().orElseThrow().health().status());
    }
    assertEquals(ids(0, 7), stored());
  }

  @Test
  void aBrokerThatIsAwayAtTheStartIsFound() throws Exception {
    broker.kill();
    try (DurableProducer producer = open()) {
      String unused = producer.send(message(0));
      assertEquals(1, producer.pending().rows());
      broker.start();
      producer.retryNow();
      awaitSent(producer);
    }
    assertEquals(ids(0, 1), stored());
  }

  @Test
  void manyThreadsStoreAtOnce() throws Exception {
    try (DurableProducer producer = open()) {
      IntStream.range(0, 200)
          .parallel()
          .forEach(i -> producer.send(Message.to(TOPIC).key("k" + i % 7).id("m" + i).text("bean")));
      awaitSent(producer);
    }
    assertEquals(ids(0, 200).stream().sorted().toList(), stored().stream().sorted().toList());
  }

  @Test
  void aFileServesOneProducerAtATime() {
    try (DurableProducer first = open()) {
      String told =
          String.valueOf(assertThrows(IllegalStateException.class, this::open).getMessage());
      assertTrue(told.contains("share that producer"), told);
      assertEquals(0, first.pending().rows());
    }
    open().close();
  }

  @Test
  void aFullOutboxRefuses() {
    try (DurableProducer producer = producer().mostPending(2).open(DurableProducerTest::away)) {
      List<String> unused = producer.send(List.of(message(0), message(1)));
      assertEquals(2, producer.pending().rows());
    }
    try (DurableProducer producer = producer().mostPending(2).open(DurableProducerTest::away)) {
      assertThrows(OutboxFull.class, () -> producer.send(message(2)));
      assertEquals(2, producer.pending().rows());
    }
  }

  @Test
  void aPathThatCannotBeWrittenIsTold() throws Exception {
    Path file = Files.writeString(folder.resolve("a-file"), "no folder");
    DurableProducerBuilder wrong = DurableProducer.at(file.resolve("shop"), "shop");
    String told =
        String.valueOf(
            assertThrows(JdbcStoreException.class, () -> wrong.open(DurableProducerTest::away))
                .getMessage());
    assertTrue(told.contains(file.resolve("shop").toString()), told);
    assertTrue(told.contains("folder can be written"), told);
    DurableProducerBuilder odd = DurableProducer.at(folder.resolve("a;b"), "shop");
    assertThrows(IllegalArgumentException.class, () -> odd.open(DurableProducerTest::away));
  }

  @Test
  void withoutH2ItSaysWhatToAdd() {
    String told =
        String.valueOf(
            assertThrows(
                    IllegalStateException.class,
                    () -> new H2File(folder.resolve("shop"), "org.h2.NoDriver"))
                .getMessage());
    assertTrue(told.contains("com.h2database:h2"), told);
  }

  @Test
  void whatIsKeptIsSentAgain() throws Exception {
    try (DurableProducer producer =
        producer()
            .keepSent(Duration.ofHours(1))
            .forced(false)
            .open(() -> Bowline.connect(broker.address()))) {
      String unused = producer.send(message(0));
      awaitSent(producer);
      assertEquals(List.of("m0"), producer.outbox().sent().resend(List.of("m0")).resent());
      awaitSent(producer);
    }
    assertEquals(List.of("m0", "m0"), stored());
  }
}
