// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.retry.Retry;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Several messages of a key under way at once, and what becomes of their order. */
@Timeout(60)
class ProducerPipelineTest {
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1).pipelines();
  private final ProducerBuilder builder =
      new ProducerBuilder(broker.connected(), "shop")
          .order(Order.PIPELINED)
          .retry(Retry.attempts(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
  private final ReliableProducer producer = builder.open();

  @BeforeEach
  void begin() throws InterruptedException {
    var first = send("first");
    broker.nextSend().confirm();
    assertNotNull(first.join());
  }

  @AfterEach
  void close() {
    producer.close(Duration.ZERO);
  }

  private CompletableFuture<Receipt> send(String text) {
    return producer.send(Message.to("orders").key("a").text(text));
  }

  private static KeyNumber number(Sent sent) {
    String stamp = Objects.requireNonNull(sent.message().headers().get(StampCodec.HEADER));
    return StampCodec.read(stamp).orElseThrow().keyNumber().orElseThrow();
  }

  private Sent next(String text) throws InterruptedException {
    Sent sent = broker.nextSend();
    assertEquals(text, sent.text());
    return sent;
  }

  @Test
  void severalMessagesOfAKeyAreUnderWayAtOnce() throws InterruptedException {
    var two = send("2");
    var three = send("3");
    Sent second = next("2");
    Sent third = next("3");
    third.confirm();
    second.confirm();
    assertNotNull(two.join());
    assertNotNull(three.join());
  }

  @Test
  void theUnresolvedGoAgainInOrderUnderTheSameStampsBeforeAnythingNew()
      throws InterruptedException {
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 2; i <= 4; i++) {
      sends.add(send("" + i));
    }
    List<Sent> tries = List.of(next("2"), next("3"), next("4"));
    tries.get(1).fail(Verdict.UNKNOWN);
    tries.get(0).fail(Verdict.NOT_STORED);
    sends.add(send("5"));
    assertEquals(0, broker.sendsWaiting(), "4 is under way");
    tries.get(2).fail(Verdict.UNKNOWN);
    for (Sent before : tries) {
      Sent again = next(before.text());
      assertEquals(before.message(), again.message());
      again.confirm();
    }
    Sent fresh = next("5");
    assertEquals(new KeyNumber(5, 0, false), number(fresh));
    fresh.confirm();
    sends.forEach(send -> assertNotNull(send.join()));
  }

  @Test
  void whereATransportKeepsNoOrderOneGoesAtATime() throws InterruptedException {
    ScriptedTransport careless = new ScriptedTransport().topic("orders", 1);
    try (ReliableProducer strict =
        new ProducerBuilder(careless.connected(), "shop").order(Order.PIPELINED).open()) {
      Message message = Message.to("orders").key("a");
      for (int i = 0; i < 2; i++) {
        var one = strict.send(message);
        var other = strict.send(message);
        Sent sent = careless.nextSend();
        assertEquals(0, careless.sendsWaiting());
        sent.confirm();
        careless.nextSend().confirm();
        assertNotNull(one.join());
        assertNotNull(other.join());
      }
    }
  }

  @Test
  void aRefusedOneInTheMidstIsVoidedByALaterOne() throws InterruptedException {
    var two = send("2");
    var three = send("3");
    next("2").fail(Verdict.REFUSED);
    next("3").confirm();
    assertEquals(Outcome.REJECTED, failureOf(two).outcome());
    assertNotNull(three.join());
    var four = send("4");
    Sent fourth = next("4");
    assertEquals(new KeyNumber(4, 1, 2, false), number(fourth));
    fourth.confirm();
    assertNotNull(four.join());
    var five = send("5");
    Sent fifth = next("5");
    assertEquals(new KeyNumber(5, 0, false), number(fifth));
    fifth.confirm();
    assertNotNull(five.join());
  }

  @Test
  void whatIsStoredBehindLaterOnesIsTold() throws InterruptedException {
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    Logger log = (Logger) LoggerFactory.getLogger(HandOver.class);
    log.addAppender(told);
    var two = send("2");
    var three = send("3");
    next("2").fail(Verdict.NOT_STORED);
    next("3").confirm();
    assertNotNull(three.join());
    next("2").confirm();
    String id = two.join().messageId();
    log.detachAppender(told);
    List<String> warnings =
        told.list.stream()
            .filter(event -> event.getLevel().levelStr.equals("WARN"))
            .map(ILoggingEvent::getFormattedMessage)
            .toList();
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.get(0).contains(id) && warnings.get(0).contains("number 2"), warnings::toString);
  }

  /** Connections are cut anywhere; what was behind the cut on the same connection is not stored. */
  @RepeatedTest(10)
  void firstEffectsAreInOrderThroughCutConnections(RepetitionInfo repetition) {
    CutBroker cutting = new CutBroker(repetition.getCurrentRepetition());
    broker.sending(cutting::send);
    try (ReliableProducer cut =
        builder.retry(Retry.forever().backoff(Duration.ofNanos(1), Duration.ofMillis(1))).open()) {
      List<CompletableFuture<Receipt>> sends = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        sends.add(cut.send(Message.to("orders").key("key-" + i % 3).text("" + i)));
      }
      sends.forEach(send -> assertNotNull(send.join()));
    }
    assertTrue(cutting.cuts() > 0, "nothing was cut");
    cutting
        .firstStored()
        .forEach((key, texts) -> assertEquals(texts.stream().sorted().toList(), texts, key));
    assertEquals(300, cutting.firstStored().values().stream().mapToInt(List::size).sum());
  }
}
