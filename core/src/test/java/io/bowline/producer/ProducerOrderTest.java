// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.retry.Retry;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The messages of a key, in order and numbered, whatever happens to one of them. */
@Timeout(60)
class ProducerOrderTest {
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1);
  private final ProducerBuilder builder =
      new ProducerBuilder(broker.connected(), "shop")
          .retry(Retry.attempts(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
  private final ReliableProducer producer = builder.open();

  @AfterEach
  void close() {
    producer.close(Duration.ZERO);
  }

  private CompletableFuture<Receipt> send(String key, String text) {
    return producer.send(Message.to("orders").key(key).text(text));
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
  void laterMessagesOfAKeyWaitWhileOthersGoOn() throws InterruptedException {
    var a1 = send("a", "a1");
    var a2 = send("a", "a2");
    var b1 = send("b", "b1");
    Sent first = next("a1");
    next("b1").confirm();
    assertNotNull(b1.join());
    assertEquals(0, broker.sendsWaiting());
    first.fail(Verdict.UNKNOWN);
    Sent again = next("a1");
    assertEquals(0, broker.sendsWaiting());
    again.confirm();
    next("a2").confirm();
    assertNotNull(a1.join());
    assertNotNull(a2.join());
  }

  @Test
  void messagesWithoutKeyWaitForNothing() throws InterruptedException {
    var first = producer.send(Message.to("orders").text("1"));
    var second = producer.send(Message.to("orders").text("2"));
    Sent one = next("1");
    next("2").confirm();
    assertNotNull(second.join());
    one.confirm();
    assertNotNull(first.join());
  }

  @Test
  void numbersFollowOneAnother() throws InterruptedException {
    for (int i = 1; i <= 3; i++) {
      var send = send("a", "a" + i);
      Sent sent = broker.nextSend();
      assertEquals(new KeyNumber(i, 0, i == 1), number(sent));
      sent.confirm();
      assertNotNull(send.join());
    }
  }

  @Test
  void aRejectedMessageGivesItsNumberBack() throws InterruptedException {
    var first = send("a", "a1");
    broker.nextSend().confirm();
    assertNotNull(first.join());
    var refused = send("a", "a2");
    var next = send("a", "a3");
    next("a2").fail(Verdict.REFUSED);
    Sent third = next("a3");
    assertEquals(new KeyNumber(2, 0, false), number(third));
    third.confirm();
    assertEquals(Outcome.REJECTED, ProducerOutcomesTest.failureOf(refused).outcome());
    assertNotNull(next.join());
  }

  @Test
  void anUnknownMessageIsVoidedByTheNext() throws InterruptedException {
    var unknown = send("a", "a1");
    var next = send("a", "a2");
    var last = send("a", "a3");
    for (int i = 0; i < 3; i++) {
      next("a1").fail(Verdict.UNKNOWN);
    }
    Sent second = next("a2");
    assertEquals(new KeyNumber(2, 1, true), number(second));
    second.confirm();
    Sent third = next("a3");
    assertEquals(new KeyNumber(3, 0, false), number(third));
    third.confirm();
    assertEquals(Outcome.UNKNOWN, ProducerOutcomesTest.failureOf(unknown).outcome());
    assertNotNull(next.join());
    assertNotNull(last.join());
  }

  @Test
  void whatWaitedTooLongIsRejectedUnsentAndUsesNoNumber() throws InterruptedException {
    Duration oneTry = Duration.ofSeconds(1);
    ProducerBuilder briefly =
        new ProducerBuilder(broker.connected(oneTry), "brief").deadline(oneTry);
    try (ReliableProducer hasty = briefly.open()) {
      var first = hasty.send(Message.to("orders").key("a").text("a1"));
      var second = hasty.send(Message.to("orders").key("a").text("a2"));
      next("a1").confirm();
      assertNotNull(first.join());
      SendException failure = ProducerOutcomesTest.failureOf(second);
      assertEquals(Outcome.REJECTED, failure.outcome());
      assertEquals(0, failure.attempts());
      var third = hasty.send(Message.to("orders").key("a").text("a3"));
      Sent sent = next("a3");
      assertEquals(new KeyNumber(2, 0, false), number(sent));
      sent.confirm();
      assertNotNull(third.join());
    }
  }

  @Test
  void aKeysLaneIsItsHash() throws InterruptedException {
    broker.topic("wide", 64);
    for (int i = 0; i < 20; i++) {
      var send = producer.send(Message.to("wide").key("key-" + i));
      Sent sent = broker.nextSend();
      assertEquals(Lanes.of("key-" + i, 64), sent.message().lane());
      sent.confirm();
      assertNotNull(send.join());
    }
  }

  @Test
  void messagesWithoutKeyUseTheLanesInTurn() {
    broker.topic("wide", 3);
    broker.sending(ProducerOrderTest::stored);
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      used.add(producer.send(Message.to("wide")).join().lane());
    }
    assertEquals(List.of(0, 1, 2, 0), used);
  }

  private static CompletableFuture<Receipt> stored(Sent sent) {
    return CompletableFuture.completedFuture(ScriptedTransport.receipt(sent.message()));
  }

  /** The broker stores or not, and says so or not: what was stored first of each is in order. */
  @RepeatedTest(5)
  void firstEffectsAreInOrderThroughAnyFailures(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Map<String, List<Long>> stored = new HashMap<>();
    broker.sending(sent -> fate(sent, random, stored));
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      sends.add(send("key-" + i % 7, "" + i));
    }
    for (CompletableFuture<Receipt> send : sends) {
      send.handle((receipt, failure) -> true).join();
    }
    synchronized (stored) {
      stored.forEach((key, texts) -> assertEquals(texts.stream().sorted().toList(), texts, key));
    }
  }

  private static CompletableFuture<Receipt> fate(
      Sent sent, Random random, Map<String, List<Long>> stored) {
    synchronized (stored) {
      int chance = random.nextInt(10);
      if (chance > 3) {
        List<Long> texts =
            stored.computeIfAbsent(
                Objects.requireNonNull(sent.message().key()), key -> new ArrayList<>());
        long text = Long.parseLong(sent.text());
        if (!texts.contains(text)) {
          texts.add(text);
        }
      }
      Verdict[] verdicts = Verdict.values();
      return chance > 5
          ? CompletableFuture.supplyAsync(() -> ScriptedTransport.receipt(sent.message()))
          : CompletableFuture.failedFuture(
              new TransportException(
                  chance > 3 ? Verdict.UNKNOWN : verdicts[chance % 3], "by chance"));
    }
  }
}
