// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Watermark;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProducerWatermarksTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("a");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1);
  private final ProducerBuilder builder =
      new ProducerBuilder(broker.connected(), "marking").watermarks(Duration.ofMillis(10));

  private static Watermark mark(Sent sent) {
    String text = sent.message().headers().getOrDefault(Watermark.HEADER, "");
    return Watermark.read(text).orElseThrow(() -> new AssertionError("no watermark: " + sent));
  }

  private Watermark nextMark() throws InterruptedException {
    Sent sent = broker.nextSend();
    Watermark mark = mark(sent);
    sent.confirm();
    return mark;
  }

  private void awaitPromised(long number) throws InterruptedException {
    long promised = nextMark().lane().promised();
    while (promised != number) {
      promised = nextMark().lane().promised();
    }
  }

  @Test
  void whatWasConfirmedIsPromisedWithoutALaterMessage() throws InterruptedException {
    try (ReliableProducer producer = builder.open()) {
      var send = producer.send(MESSAGE);
      broker.nextSend().confirm();
      send.join();
      Sent sent = broker.nextSend();
      assertEquals(1, mark(sent).lane().promised());
      assertEquals("marking", mark(sent).source());
      assertEquals(30, mark(sent).withinMillis());
      assertFalse(mark(sent).last());
      assertNull(sent.message().key());
      assertEquals(0, sent.message().body().length);
      assertEquals(List.of(Watermark.HEADER), List.copyOf(sent.message().headers().keySet()));
      sent.confirm();
      assertEquals(1, nextMark().lane().promised(), "it is said again while nothing is sent");
      answerAll();
    }
  }

  private void answerAll() {
    broker.sending(
        sent -> CompletableFuture.completedFuture(ScriptedTransport.receipt(sent.message())));
  }

  @Test
  void whatHasNoOutcomeIsNotPromised() throws InterruptedException {
    try (ReliableProducer producer = builder.open()) {
      var unused = producer.send(MESSAGE);
      Sent first = broker.nextSend();
      assertEquals(0, nextMark().lane().promised());
      first.confirm();
      awaitPromised(1);
      answerAll();
    }
  }

  @Test
  void aWatermarkThatIsNotConfirmedIsSaidAgain() throws InterruptedException {
    try (ReliableProducer producer = builder.open()) {
      var unused = producer.send(MESSAGE);
      broker.nextSend().confirm();
      Sent mark = broker.nextSend();
      assertEquals(1, mark(mark).lane().promised());
      mark.fail(Verdict.UNKNOWN);
      assertEquals(1, nextMark().lane().promised());
      answerAll();
    }
  }

  @Test
  void theLastOneSaysThatTheChainEnds() throws InterruptedException {
    ReliableProducer producer = builder.watermarks(Duration.ofHours(1)).open();
    var unused = producer.send(MESSAGE);
    broker.nextSend().confirm();
    var closed = CompletableFuture.supplyAsync(() -> producer.close(Duration.ofSeconds(60)));
    Sent last = broker.nextSend();
    assertTrue(mark(last).last());
    assertEquals(1, mark(last).lane().promised());
    last.confirm();
    assertEquals(1, closed.join().confirmed(), "a watermark counts for nothing");
    assertEquals(1, producer.close(Duration.ofSeconds(60)).confirmed());
    assertEquals(0, broker.sendsWaiting(), "a second close says nothing more");
  }

  @Test
  void aProducerThatSentNothingMarksNothing() throws InterruptedException {
    builder.open().close(Duration.ofSeconds(60));
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void withoutBeingAskedItWritesNone() throws InterruptedException {
    try (ReliableProducer producer = new ProducerBuilder(broker.connected(), "bare").open()) {
      var send = producer.send(MESSAGE);
      broker.nextSend().confirm();
      send.join();
    }
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void anIntervalOutOfBoundsIsRefused() {
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofMillis(9), Duration.ofMinutes(61), Duration.ofDays(-1))) {
      assertThrows(IllegalArgumentException.class, () -> builder.watermarks(wrong));
    }
  }
}
