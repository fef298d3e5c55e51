// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerCloseTest.assertCounts;
import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Full windows, topics that cannot be looked up, interrupted callers. */
@Timeout(60)
class ProducerLimitsTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("0123456789");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 4);
  private final ReliableProducer producer =
      new ProducerBuilder(broker.connected(), "shop")
          .maxBlock(Duration.ofSeconds(1))
          .window(2, 1_000)
          .open();

  @AfterEach
  void close() {
    producer.close(Duration.ZERO);
  }

  private void rejectedUnsent(CompletableFuture<Receipt> send) {
    SendException failure = failureOf(send);
    assertEquals(Outcome.REJECTED, failure.outcome());
    assertEquals(0, failure.attempts());
  }

  private void worksAgain() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      CompletableFuture<Receipt> send = producer.send(MESSAGE);
      broker.nextSend().confirm();
      assertNotNull(send.join());
    }
  }

  @Test
  void aFullWindowRejectsAndSendsNothing() throws InterruptedException {
    var first = producer.send(MESSAGE.key("a"));
    var second = producer.send(MESSAGE.key("b"));
    rejectedUnsent(producer.send(MESSAGE.key("c")));
    Sent one = broker.nextSend();
    broker.nextSend().confirm();
    assertNotNull(second.join());
    assertEquals(0, broker.sendsWaiting());
    one.confirm();
    assertNotNull(first.join());
    worksAgain();
  }

  @Test
  void theBytesOfBodiesCount() throws InterruptedException {
    var large = producer.send(MESSAGE.body(new byte[995]));
    rejectedUnsent(producer.send(MESSAGE));
    broker.nextSend().confirm();
    assertNotNull(large.join());
    worksAgain();
  }

  @Test
  void aTopicThatDoesNotExistRejectsAndFreesTheWindow() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      SendException failure = failureOf(producer.send(Message.to("nowhere")));
      assertEquals(Outcome.REJECTED, failure.outcome());
      assertTrue(String.valueOf(failure.getMessage()).contains("nowhere does not exist"));
    }
    worksAgain();
  }

  @Test
  void aLookUpThatFailedIsMadeAnew() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    broker.lookup(
        topic -> {
          if (asked.getAndIncrement() < 2) {
            throw new TransportException(Verdict.UNKNOWN, "no answer");
          }
          return 4;
        });
    rejectedUnsent(producer.send(MESSAGE));
    rejectedUnsent(producer.send(MESSAGE));
    worksAgain();
    assertEquals(3, asked.get());
  }

  @Test
  void aLookUpThatHangsBlocksNoLongerThanAllowed() throws InterruptedException {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    broker.lookup(topic -> topic.equals("slow") ? answer.join() : 4);
    for (int i = 0; i < 2; i++) {
      long start = System.nanoTime();
      rejectedUnsent(producer.send(Message.to("slow")));
      assertTrue(System.nanoTime() - start < 5_000_000_000L);
    }
    worksAgain();
    answer.complete(1);
    CompletableFuture<Receipt> sent = producer.send(Message.to("slow"));
    broker.nextSend().confirm();
    assertNotNull(sent.join());
  }

  @Test
  void aTransportThatTellsNonsenseRejectsAndFreesTheWindow() throws InterruptedException {
    broker.lookup(topic -> topic.equals("odd") ? 0 : 4);
    for (int i = 0; i < 5; i++) {
      rejectedUnsent(producer.send(Message.to("odd")));
    }
    broker.lookup(
        topic -> {
          if (topic.equals("odd")) {
            throw new NoClassDefFoundError("missing");
          }
          return 4;
        });
    for (int i = 0; i < 5; i++) {
      rejectedUnsent(producer.send(Message.to("odd")));
    }
    worksAgain();
  }

  @Test
  void anInterruptedCallerIsRejectedAndStaysInterrupted() throws InterruptedException {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    broker.lookup(topic -> topic.equals("slow") ? answer.join() : 4);
    Thread.currentThread().interrupt();
    CompletableFuture<Receipt> send = producer.send(Message.to("slow"));
    assertTrue(Thread.interrupted());
    rejectedUnsent(send);
    answer.complete(1);
    worksAgain();
    SendReport report = producer.close(Duration.ZERO);
    assertCounts(5, 1, 0, report);
  }

  @Test
  void anInterruptedCallerAtAFullWindowIsRejected() throws InterruptedException {
    var first = producer.send(MESSAGE);
    var second = producer.send(MESSAGE);
    Thread.currentThread().interrupt();
    CompletableFuture<Receipt> send = producer.send(MESSAGE);
    assertTrue(Thread.interrupted());
    rejectedUnsent(send);
    broker.nextSend().confirm();
    broker.nextSend().confirm();
    assertNotNull(first.join());
    assertNotNull(second.join());
    assertCounts(2, 1, 0, producer.close(Duration.ZERO));
  }

  @Test
  void anIdThatIsNoneIsTheCallersMistake() throws InterruptedException {
    try (ReliableProducer odd =
        new ProducerBuilder(broker.connected(), "shop").ids(() -> " ").window(1, 1).open()) {
      for (int i = 0; i < 3; i++) {
        assertThrows(IllegalArgumentException.class, () -> odd.send(MESSAGE));
      }
      var named = odd.send(MESSAGE.id("mine"));
      broker.nextSend().confirm();
      assertFalse(named.join().messageId().isEmpty());
    }
  }

  @Test
  void waitsOfAgesAreNoError() throws InterruptedException {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    try (ReliableProducer patient =
        new ProducerBuilder(broker.connected(), "shop").maxBlock(ages).deadline(ages).open()) {
      var send = patient.send(MESSAGE);
      broker.nextSend().confirm();
      assertNotNull(send.join());
      assertCounts(1, 0, 0, patient.close(ages));
    }
  }
}
