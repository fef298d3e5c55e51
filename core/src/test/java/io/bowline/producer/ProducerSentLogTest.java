// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.message.Message;
import io.bowline.report.InMemorySentLog;
import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProducerSentLogTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("a");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1);
  private final InMemorySentLog log = new InMemorySentLog();

  /** Fails as often as it is told to. */
  private static final class Failing implements SentLog {
    final AtomicInteger failures = new AtomicInteger();
    final InMemorySentLog kept;

    Failing(InMemorySentLog kept) {
      this.kept = kept;
    }

    @Override
    public void add(List<SentMark> marks) {
      if (failures.getAndIncrement() < 2) {
        throw new IllegalStateException("the log is down");
      }
      kept.add(marks);
    }

    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      return kept.read(topic, from, to);
    }
  }

  private ProducerBuilder builder(SentLog to, Duration every) {
    return new ProducerBuilder(broker.connected(), "shop").sentLog(to, every);
  }

  private List<Long> written() {
    return log.read("orders", Instant.EPOCH, Instant.now().plusSeconds(60)).stream()
        .map(SentMark::number)
        .toList();
  }

  @Test
  void whatIsPromisedIsWrittenDownAndNothingElse() throws InterruptedException {
    try (ReliableProducer producer = builder(log, Duration.ofMillis(10)).open()) {
      var unused = producer.send(MESSAGE);
      var open = producer.send(MESSAGE.key("other"));
      broker.nextSend().confirm();
      var second = broker.nextSend();
      Await.until("the first is written down", () -> written().contains(1L));
      assertEquals(List.of(1L), written());
      second.confirm();
      open.join();
      Await.until("both are", () -> written().contains(2L));
    }
    assertEquals(List.of(1L, 2L), written(), "news alone");
  }

  @Test
  void theCloseWritesTheLastOfItDown() throws InterruptedException {
    ReliableProducer producer = builder(log, Duration.ofHours(1)).open();
    var unused = producer.send(MESSAGE);
    broker.nextSend().confirm();
    producer.close();
    assertEquals(List.of(1L), written());
  }

  @Test
  void aLogThatFailsHoldsUpNothingAndIsWrittenLater() throws InterruptedException {
    Failing failing = new Failing(log);
    try (ReliableProducer producer = builder(failing, Duration.ofMillis(10)).open()) {
      var send = CompletableFuture.supplyAsync(() -> producer.send(MESSAGE).join());
      broker.nextSend().confirm();
      send.join();
      Await.until("it is written down at last", () -> written().contains(1L));
    }
  }

  @Test
  void anIntervalOutOfBoundsIsRefused() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofMinutes(61))) {
      assertThrows(IllegalArgumentException.class, () -> builder(log, wrong));
    }
  }
}
