// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several messages at once, and waiting for what is under way. */
@Timeout(60)
class ProducerBatchTest {
  private static final Message MESSAGE = Message.to("orders").text("0123456789");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 4);
  private final ReliableProducer producer =
      new ProducerBuilder(broker.connected(), "shop")
          .maxBlock(Duration.ofMillis(50))
          .window(3, 1_000)
          .open();

  /** So that no message of a test is rejected because its topic was not found in time. */
  @BeforeEach
  void knowTheTopic() throws InterruptedException {
    CompletableFuture<Receipt> first;
    do {
      first = producer.send(MESSAGE.key("first"));
    } while (first.isCompletedExceptionally());
    broker.nextSend().confirm();
    first.join();
  }

  @AfterEach
  void close() {
    producer.close(Duration.ZERO);
  }

  private static List<Message> messages(int count) {
    return IntStream.range(0, count).mapToObj(i -> MESSAGE.key("k" + i).id("id-" + i)).toList();
  }

  private static List<Outcome> outcomes(BatchResult result) {
    return result.results().stream().map(SendResult::outcome).toList();
  }

  @Test
  void eachMessageHasItsOwnOutcomeInTheOrderOfTheList() throws InterruptedException {
    var batch = producer.sendAll(messages(3));
    List<Sent> sent = List.of(broker.nextSend(), broker.nextSend(), broker.nextSend());
    sent.get(2).confirm();
    sent.get(1).fail(Verdict.REFUSED);
    assertFalse(batch.isDone());
    sent.get(0).confirm();
    BatchResult result = batch.join();
    assertEquals(List.of(Outcome.CONFIRMED, Outcome.REJECTED, Outcome.CONFIRMED), outcomes(result));
    assertEquals(
        List.of("id-0", "id-1", "id-2"),
        result.results().stream().map(SendResult::messageId).toList());
    assertFalse(result.allConfirmed());
    assertEquals(List.of(result.results().get(1)), result.unconfirmed());
    assertEquals("id-1", result.unconfirmed().get(0).failure().orElseThrow().messageId());
    assertEquals("id-0", result.results().get(0).receipt().orElseThrow().messageId());
  }

  @Test
  void onceThereIsNoRoomTheRestIsRejectedUnsent() throws InterruptedException {
    List<Message> messages =
        List.of(MESSAGE.key("a"), MESSAGE.key("b").body(new byte[995]), MESSAGE.key("b").text(""));
    var batch = producer.sendAll(messages);
    broker.nextSend().confirm();
    assertEquals(
        List.of(Outcome.CONFIRMED, Outcome.REJECTED, Outcome.REJECTED), outcomes(batch.join()));
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void theWaitForRoomIsOneForTheWholeBatch() {
    long start = System.nanoTime();
    var batch = producer.sendAll(messages(50));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(2).toNanos(), "it waited 47 times");
    assertFalse(batch.isDone());
    producer.close(Duration.ZERO);
    Map<Outcome, Long> counts =
        outcomes(batch.join()).stream()
            .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
    assertEquals(Map.of(Outcome.UNKNOWN, 3L, Outcome.REJECTED, 47L), counts);
  }

  @Test
  void nothingIsSentIfOneIsNone() {
    assertThrows(NullPointerException.class, () -> producer.sendAll(withNull()));
    assertEquals(0, broker.sendsWaiting());
    assertTrue(producer.sendAll(List.of()).join().allConfirmed());
  }

  @SuppressWarnings("NullAway") // what a caller without a checker may do
  private static List<Message> withNull() {
    return Arrays.asList(MESSAGE, null);
  }

  @Test
  void aFlushWaitsForWhatIsUnderWayAndNamesTheRest() throws InterruptedException {
    assertEquals(List.of(), producer.flush(Duration.ofSeconds(30)));
    var one = producer.send(MESSAGE.id("one"));
    var two = producer.send(MESSAGE.id("two"));
    Sent first = broker.nextSend();
    Sent second = broker.nextSend();
    first.confirm();
    assertNotNull(one.join());
    assertEquals(List.of("two"), producer.flush(Duration.ofMillis(20)));
    var flushed = CompletableFuture.supplyAsync(() -> producer.flush(Duration.ofSeconds(30)));
    second.fail(Verdict.REFUSED);
    assertEquals(List.of(), flushed.join());
    assertThrows(CompletionException.class, two::join);
  }

  @Test
  void theClosingReportNamesWhatHadNoOutcomeWhenItBegan() throws InterruptedException {
    var stored = producer.send(MESSAGE.id("stored").key("a"));
    var waiting = producer.send(MESSAGE.id("waiting").key("b"));
    var behind = producer.send(MESSAGE.id("behind").key("b"));
    Sent first = broker.nextSend();
    var closed = CompletableFuture.supplyAsync(() -> producer.close(Duration.ofMillis(200)));
    first.confirm();
    SendReport report = closed.join();
    Map<String, Outcome> byId =
        report.closing().stream()
            .collect(Collectors.toMap(SendResult::messageId, SendResult::outcome));
    // Whether the closing began before the first was confirmed is chance.
    byId.putIfAbsent("stored", Outcome.CONFIRMED);
    assertEquals(
        Map.of("stored", Outcome.CONFIRMED, "waiting", Outcome.UNKNOWN, "behind", Outcome.REJECTED),
        byId);
    assertEquals(
        List.of(2L, 1L, 1L), List.of(report.confirmed(), report.rejected(), report.unknown()));
    assertTrue(stored.isDone() && waiting.isDone() && behind.isDone());
  }
}
