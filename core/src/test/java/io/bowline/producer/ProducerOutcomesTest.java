// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.retry.Retry;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One send, from its call to its outcome. */
@Timeout(60)
class ProducerOutcomesTest {
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 4);
  private final ProducerBuilder builder =
      new ProducerBuilder(broker.connected(), "shop")
          .retry(Retry.forever().backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
  private ReliableProducer producer = builder.open();

  /** Of which a try may take no longer than a second. */
  private ProducerBuilder hasty() {
    return new ProducerBuilder(broker.connected(Duration.ofSeconds(1)), "shop")
        .retry(Retry.forever().backoff(ms(1), ms(2)));
  }

  @AfterEach
  void close() {
    producer.close(Duration.ZERO);
  }

  static SendException failureOf(CompletableFuture<Receipt> send) {
    CompletionException failed = assertThrows(CompletionException.class, send::join);
    return assertInstanceOf(SendException.class, failed.getCause());
  }

  private CompletableFuture<Receipt> send(String key, String text) {
    return producer.send(Message.to("orders").key(key).text(text));
  }

  @Test
  void confirmedIsWhatTheBrokerSays() throws InterruptedException {
    CompletableFuture<Receipt> send = send("k", "a");
    Sent sent = broker.nextSend();
    assertFalse(send.isDone());
    sent.confirm();
    Receipt receipt = send.join();
    assertEquals(sent.message().messageId(), receipt.messageId());
    assertEquals("here", receipt.position());
  }

  @Test
  void everyTryHasTheSameIdNumberLaneHeadersAndBody() throws InterruptedException {
    CompletableFuture<Receipt> send =
        producer.send(Message.to("orders").key("k").header("h", "v").text("a"));
    Sent first = broker.nextSend();
    first.fail(Verdict.UNKNOWN);
    Sent second = broker.nextSend();
    second.fail(Verdict.NOT_STORED);
    Sent third = broker.nextSend();
    assertEquals(first.message(), second.message());
    assertEquals(first.message(), third.message());
    assertEquals(first.message().headers(), third.message().headers());
    third.confirm();
    assertEquals(first.message().messageId(), send.join().messageId());
  }

  @Test
  void theCallersIdIsKept() throws InterruptedException {
    CompletableFuture<Receipt> send = producer.send(Message.to("orders").id("mine"));
    Sent sent = broker.nextSend();
    assertEquals("mine", sent.message().messageId());
    String stamp = String.valueOf(sent.message().headers().get("bowline-stamp"));
    assertTrue(stamp.startsWith("1;i=mine;s=shop;e="), stamp);
    sent.confirm();
    assertEquals("mine", send.join().messageId());
  }

  @Test
  void refusedAtOnceIsRejected() throws InterruptedException {
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().fail(Verdict.REFUSED);
    SendException failure = failureOf(send);
    assertEquals(Outcome.REJECTED, failure.outcome());
    assertEquals(1, failure.attempts());
    assertInstanceOf(TransportException.class, failure.getCause());
  }

  @Test
  void refusedAfterAnUnknownTryIsUnknown() throws InterruptedException {
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().fail(Verdict.UNKNOWN);
    broker.nextSend().fail(Verdict.REFUSED);
    SendException failure = failureOf(send);
    assertEquals(Outcome.UNKNOWN, failure.outcome());
    assertEquals(2, failure.attempts());
  }

  @Test
  void theAttemptsAreLimited() throws InterruptedException {
    producer = builder.retry(Retry.attempts(2).backoff(ms(1), ms(1))).open();
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().fail(Verdict.NOT_STORED);
    broker.nextSend().fail(Verdict.NOT_STORED);
    assertEquals(Outcome.REJECTED, failureOf(send).outcome());
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void aFailureThatIsNoTransportExceptionIsUnknown() throws InterruptedException {
    producer = builder.retry(Retry.attempts(1)).open();
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().answer().completeExceptionally(new IllegalStateException("bug"));
    assertEquals(Outcome.UNKNOWN, failureOf(send).outcome());
  }

  @Test
  void anAnswerWithoutReceiptIsUnknown() throws InterruptedException {
    producer = builder.retry(Retry.attempts(1)).open();
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().answer().completeAsync(() -> null).join();
    assertEquals(Outcome.UNKNOWN, failureOf(send).outcome());
  }

  @Test
  void aTransportThatThrowsIsTriedAgainAndHoldsUpNothing() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    broker.sending(
        sent -> {
          switch (tries.getAndIncrement()) {
            case 0 -> throw new IllegalStateException("bug");
            case 1 -> throw new NoClassDefFoundError("missing");
            default -> {
              return CompletableFuture.completedFuture(ScriptedTransport.receipt(sent.message()));
            }
          }
        });
    assertNotNull(send("k", "a").join());
    assertNotNull(send("k", "b").join());
    assertEquals(4, tries.get());
  }

  @Test
  void aTransportThatAnswersNothingAtAllEndsUnknown() throws InterruptedException {
    producer = builder.retry(Retry.attempts(1)).open();
    broker.sending(sent -> nothing());
    assertEquals(Outcome.UNKNOWN, failureOf(send("k", "a")).outcome());
  }

  @Test
  void aTransportThatForgetsASendCostsTimeButNoOutcomeAndNoOrder() throws InterruptedException {
    producer = hasty().open();
    CompletableFuture<Receipt> first = send("k", "a");
    CompletableFuture<Receipt> second = send("k", "b");
    CompletableFuture<Receipt> third = send("k", "c");
    Sent forgotten = broker.nextSend();
    Sent again = broker.nextSend();
    assertEquals(forgotten.message(), again.message());
    forgotten.fail(Verdict.REFUSED);
    again.confirm();
    assertNotNull(first.join());
    Sent next = broker.nextSend();
    assertEquals("b", next.text());
    next.confirm();
    broker.nextSend().confirm();
    assertNotNull(second.join());
    assertNotNull(third.join());
  }

  @Test
  void aLateConfirmOfAForgottenSendCountsAndMovesItsKeyOnce() throws InterruptedException {
    producer = hasty().open();
    CompletableFuture<Receipt> first = send("k", "a");
    var second = send("k", "b");
    var third = send("k", "c");
    Sent forgotten = broker.nextSend();
    Sent again = broker.nextSend();
    forgotten.confirm();
    assertNotNull(first.join());
    Sent next = broker.nextSend();
    assertEquals("b", next.text());
    again.confirm();
    var fence = send("other", "x");
    Sent fenced = broker.nextSend();
    assertEquals("x", fenced.text());
    fenced.confirm();
    assertNotNull(fence.join());
    assertEquals(0, broker.sendsWaiting(), "a late answer moved the key on");
    next.confirm();
    broker.nextSend().confirm();
    assertNotNull(second.join());
    assertNotNull(third.join());
  }

  @SuppressWarnings("NullAway") // that is the fault
  private static CompletableFuture<Receipt> nothing() {
    return null;
  }

  @Test
  void futuresCompleteOnAThreadOfBowlinesOnly() throws InterruptedException {
    AtomicReference<String> thread = new AtomicReference<>();
    CompletableFuture<Receipt> send = send("k", "a");
    CompletableFuture<Void> chained =
        send.thenAccept(receipt -> thread.set(Thread.currentThread().getName()));
    broker.nextSend().confirm(); // on this thread, as on a client's I/O thread
    chained.join();
    assertEquals("bowline-callbacks-shop", thread.get());
    CompletableFuture<Receipt> refused = send("k", "b");
    CompletableFuture<Receipt> seen =
        refused.whenComplete((r, failure) -> thread.set(Thread.currentThread().getName() + "!"));
    broker.nextSend().fail(Verdict.REFUSED);
    failureOf(seen);
    assertEquals("bowline-callbacks-shop!", thread.get());
  }

  @Test
  void whatIsChainedToAFutureMayBlockWithoutHoldingUpMessages() throws InterruptedException {
    CompletableFuture<Void> release = new CompletableFuture<>();
    CompletableFuture<Void> blocked = send("k", "a").thenAccept(receipt -> release.join());
    CompletableFuture<Receipt> next = send("k", "b");
    broker.nextSend().confirm();
    broker.nextSend().confirm();
    release.complete(null);
    blocked.join();
    assertNotNull(next.join());
  }

  @Test
  void theDeadlineEndsASendThatFailsOnAndOn() {
    producer = hasty().deadline(Duration.ofSeconds(3)).open();
    broker.sending(
        sent -> CompletableFuture.failedFuture(new TransportException(Verdict.NOT_STORED, "busy")));
    long start = System.nanoTime();
    SendException failure = failureOf(send("k", "a"));
    assertEquals(Outcome.REJECTED, failure.outcome());
    assertTrue(failure.attempts() > 1);
    assertTrue(System.nanoTime() - start < 30_000_000_000L);
  }

  @Test
  void aDeadlineOfOneTryAllowsOneTry() throws InterruptedException {
    producer = hasty().deadline(Duration.ofSeconds(1)).open();
    CompletableFuture<Receipt> send = send("k", "a");
    broker.nextSend().confirm();
    assertNotNull(send.join());
  }

  @Test
  void aDeadlineShorterThanATryIsRefused() {
    ProducerBuilder tooShort = hasty().deadline(ms(999));
    assertThrows(IllegalArgumentException.class, tooShort::open);
  }

  @Test
  void failuresNameTheMessageAndShowNoBody() throws InterruptedException {
    CompletableFuture<Receipt> send = send("k", "s3cret");
    Sent sent = broker.nextSend();
    sent.fail(Verdict.REFUSED);
    SendException failure = failureOf(send);
    String told = String.valueOf(failure.getMessage());
    assertTrue(told.contains(sent.message().messageId()) && told.contains("orders"), told);
    assertFalse(told.contains("s3cret"), told);
    assertEquals(sent.message().messageId(), failure.messageId());
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
