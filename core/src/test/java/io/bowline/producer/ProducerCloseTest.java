// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing loses no outcome and tells no wrong one. */
@Timeout(120)
class ProducerCloseTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("a");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 4);
  private final ProducerBuilder builder =
      new ProducerBuilder(broker.connected(), "closing")
          .retry(Retry.forever().backoff(Duration.ofSeconds(9), Duration.ofSeconds(9)));
  private final ReliableProducer producer = builder.open();

  static void assertCounts(long confirmed, long rejected, long unknown, SendReport report) {
    assertEquals(
        List.of(confirmed, rejected, unknown),
        List.of(report.confirmed(), report.rejected(), report.unknown()));
  }

  @Test
  void aSendAfterTheCloseIsRejected() {
    assertCounts(0, 0, 0, producer.close(Duration.ofSeconds(1)));
    assertEquals(Outcome.REJECTED, failureOf(producer.send(MESSAGE)).outcome());
    assertEquals(0, broker.sendsWaiting());
    assertCounts(0, 1, 0, producer.close(Duration.ofSeconds(1)));
  }

  @Test
  void closingWaitsForWhatIsUnderWay() throws InterruptedException {
    var send = producer.send(MESSAGE);
    Sent sent = broker.nextSend();
    var report = CompletableFuture.supplyAsync(() -> producer.close(Duration.ofSeconds(60)));
    assertFalse(report.isDone());
    sent.confirm();
    assertCounts(1, 0, 0, report.join());
    assertTrue(send.isDone());
    assertNotNull(send.join());
  }

  @Test
  void whatIsUnderWayAfterThatIsUnknownAndWhatWaitedBehindItRejected() throws InterruptedException {
    var first = producer.send(MESSAGE);
    var second = producer.send(MESSAGE);
    Sent sent = broker.nextSend();
    assertCounts(0, 1, 1, producer.close(Duration.ZERO));
    assertEquals(Outcome.UNKNOWN, failureOf(first).outcome());
    assertEquals(Outcome.REJECTED, failureOf(second).outcome());
    sent.confirm();
    assertEquals(0, broker.sendsWaiting());
    assertCounts(0, 1, 1, producer.close(Duration.ZERO));
  }

  @Test
  void whatWaitsForItsNextTryIsWhatItsTriesProved() throws InterruptedException {
    var notStored = producer.send(MESSAGE.key("a"));
    var unknown = producer.send(MESSAGE.key("b"));
    broker.nextSend().fail(Verdict.NOT_STORED);
    broker.nextSend().fail(Verdict.UNKNOWN);
    // Failures reach their lanes in the order of their coming; a confirm may overtake them.
    var fence = producer.send(MESSAGE.key("c"));
    broker.nextSend().fail(Verdict.REFUSED);
    assertEquals(Outcome.REJECTED, failureOf(fence).outcome());
    assertCounts(0, 2, 1, producer.close(Duration.ZERO));
    assertEquals(Outcome.REJECTED, failureOf(notStored).outcome());
    assertEquals(Outcome.UNKNOWN, failureOf(unknown).outcome());
  }

  @Test
  void closingWakesWhoWaitsForRoom() throws InterruptedException {
    ReliableProducer narrow = builder.window(1, 1).maxBlock(Duration.ofSeconds(60)).open();
    var first = narrow.send(MESSAGE);
    Thread[] waiting = new Thread[1];
    var second =
        CompletableFuture.supplyAsync(
            () -> {
              waiting[0] = Thread.currentThread();
              return failureOf(narrow.send(MESSAGE));
            });
    Await.until(
        "it waits",
        () -> waiting[0] != null && waiting[0].getState() == Thread.State.TIMED_WAITING);
    narrow.close(Duration.ZERO);
    assertEquals(Outcome.REJECTED, second.join().outcome());
    assertEquals(Outcome.UNKNOWN, failureOf(first).outcome());
  }

  @Test
  void whatWasRejectedByTheCloseDuringALookUpIsNeverSent() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    broker.lookup(
        topic -> {
          asked.countDown();
          return answer.join();
        });
    var failure = CompletableFuture.supplyAsync(() -> failureOf(producer.send(MESSAGE)));
    asked.await();
    assertCounts(0, 1, 0, producer.close(Duration.ZERO));
    answer.complete(4);
    assertEquals(Outcome.REJECTED, failure.join().outcome());
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void aCallbackMayClose() throws InterruptedException {
    CompletableFuture<SendReport> closed =
        producer.send(MESSAGE).thenApply(receipt -> producer.close(Duration.ofSeconds(60)));
    long start = System.nanoTime();
    broker.nextSend().confirm();
    assertCounts(1, 0, 0, closed.join());
    assertTrue(System.nanoTime() - start < 4_000_000_000L, "it waited for itself");
  }

  @Test
  void aClosedProducerLeavesNoThread() throws InterruptedException {
    ReliableProducer other = new ProducerBuilder(broker.connected(), "no-thread").open();
    var send = other.send(MESSAGE);
    broker.nextSend().fail(Verdict.NOT_STORED);
    broker.nextSend().confirm();
    assertNotNull(send.join());
    other.close();
    Await.until(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().endsWith("-no-thread")));
  }

  /** Many send while it is closed: each future ends, each once, and rejected ones were not sent. */
  @RepeatedTest(50)
  void everySendHasExactlyOneOutcomeWhileItCloses() throws InterruptedException {
    ReliableProducer racing = builder.open();
    Queue<CompletableFuture<Receipt>> sends = new ConcurrentLinkedQueue<>();
    AtomicInteger handedOver = new AtomicInteger();
    broker.sending(
        sent -> {
          handedOver.incrementAndGet();
          return CompletableFuture.supplyAsync(() -> ScriptedTransport.receipt(sent.message()));
        });
    CountDownLatch begun = new CountDownLatch(4);
    List<Thread> senders =
        IntStream.range(0, 4).mapToObj(i -> sender(racing, sends, begun)).toList();
    senders.forEach(Thread::start);
    begun.await();
    racing.close(Duration.ZERO);
    for (Thread sender : senders) {
      sender.join();
    }
    long rejected = 0;
    for (CompletableFuture<Receipt> send : sends) {
      Await.until("a future ends", send::isDone);
      if (send.isCompletedExceptionally() && failureOf(send).outcome() == Outcome.REJECTED) {
        rejected++;
      }
    }
    assertEquals(sends.size() - rejected, handedOver.get(), "rejected, but sent");
    SendReport report = racing.close(Duration.ZERO);
    assertEquals(sends.size(), report.confirmed() + report.rejected() + report.unknown());
    assertEquals(rejected, report.rejected());
  }

  private static Thread sender(
      ReliableProducer racing, Queue<CompletableFuture<Receipt>> sends, CountDownLatch begun) {
    return new Thread(
        () -> {
          for (int i = 0; i < 200; i++) {
            sends.add(racing.send(MESSAGE.key("k" + i % 3)));
            if (i == 20) {
              begun.countDown();
            }
          }
        });
  }
}
