// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers of keys that a store hands out. */
@Timeout(60)
class ProducerSequencesTest extends SequencedProducers {
  private static final Duration BRIEFLY = Duration.ofSeconds(2);

  @Test
  void aKeyGoesOnWhereItWasAfterARestart() throws InterruptedException {
    assertEquals(new KeyNumber(1, 0, true), sent(producer, "a"));
    assertEquals(new KeyNumber(2, 0, false), sent(producer, "a"));
    producer.close();
    ReliableProducer next = open();
    assertEquals(new KeyNumber(3, 0, true), sent(next, "a"));
    assertEquals(new KeyNumber(4, 0, false), sent(next, "a"));
    assertEquals(new KeyNumber(1, 0, true), sent(next, "b"));
  }

  @Test
  void producersOfOneSourceCountTogetherAndNeitherAsksForTheOthersNumbers()
      throws InterruptedException {
    ReliableProducer other = open();
    assertEquals(new KeyNumber(1, 0, true), sent(producer, "a"));
    assertEquals(new KeyNumber(2, 0, true), sent(other, "a"));
    assertEquals(new KeyNumber(3, 0, false), sent(other, "a"));
    assertEquals(new KeyNumber(4, 0, true), sent(producer, "a"));
    assertEquals(new KeyNumber(5, 0, false), sent(producer, "a"));
  }

  @Test
  void aNumberThatWasRefusedIsVoidedAndNeverUsedAgain() throws InterruptedException {
    assertEquals(1, sent(producer, "a").sequence());
    var refused = producer.send(message("a", "x"));
    broker.nextSend().fail(Verdict.REFUSED);
    assertEquals(Outcome.REJECTED, failureOf(refused).outcome());
    assertEquals(new KeyNumber(3, 1, false), sent(producer, "a"));
    var unknown = producer.send(message("a", "x"));
    broker.nextSend().fail(Verdict.UNKNOWN);
    assertEquals(Outcome.UNKNOWN, failureOf(unknown).outcome());
    assertEquals(new KeyNumber(5, 1, false), sent(producer, "a"));
  }

  @Test
  void aNumberWhoseMessageWaitedTooLongIsVoided() throws InterruptedException {
    Duration oneTry = Duration.ofSeconds(1);
    ReliableProducer hasty =
        open(
            new ProducerBuilder(broker.connected(oneTry), "brief")
                .keySequences(sequences)
                .deadline(oneTry));
    var first = hasty.send(message("a", "1"));
    var second = hasty.send(message("a", "2"));
    assertEquals(1, confirmed().sequence());
    assertNotNull(first.join());
    assertEquals(Outcome.REJECTED, failureOf(second).outcome());
    assertEquals(new KeyNumber(3, 1, false), sent(hasty, "a"));
  }

  @Test
  void whileTheStoreIsAwaySendsAreRejectedWithTheReasonAndNothingIsSent()
      throws InterruptedException {
    RuntimeException away = new IllegalStateException("the database is away");
    sequences.broken = away;
    SendException failure = failureOf(producer.send(message("a", "x")));
    assertEquals(Outcome.REJECTED, failure.outcome());
    assertSame(away, failure.getCause());
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.contains("no number of its key could be drawn: the database is away"), said);
    assertEquals(0, broker.sendsWaiting());
    var withoutKey = producer.send(Message.to("orders").text("x"));
    broker.nextSend().confirm();
    assertNotNull(withoutKey.join());
    sequences.broken = null;
    assertEquals(new KeyNumber(1, 0, true), sent(producer, "a"));
  }

  @Test
  void anAnswerThatIsNoneIsRejected() {
    for (List<Long> odd : List.of(List.of(1L, 2L), List.<Long>of(), List.of(0L))) {
      ReliableProducer answered = open(builder().keySequences((source, keys, longest) -> odd));
      SendException failure = failureOf(answered.send(message("a", "x")));
      assertEquals(Outcome.REJECTED, failure.outcome());
      String said = String.valueOf(failure.getMessage());
      assertTrue(said.contains("answered " + odd + " when asked for 1 numbers"), said);
    }
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void aNumberThatWentBackIsNotSent() throws InterruptedException {
    sequences.set("orders", "a", 7);
    assertEquals(8, sent(producer, "a").sequence());
    sequences.set("orders", "a", 7);
    SendException failure = failureOf(producer.send(message("a", "x")));
    assertEquals(Outcome.REJECTED, failure.outcome());
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.contains("is not above the last one"), said);
    assertEquals(new KeyNumber(9, 0, false), sent(producer, "a"));
  }

  @Test
  void theStoreIsGivenWhatIsLeftOfTheTimeThatSendMayTake() throws InterruptedException {
    assertEquals(1, sent(producer, "a").sequence());
    Duration longest = sequences.bounds.get(0);
    assertTrue(longest.compareTo(ProducerBuilder.DEFAULT_MAX_BLOCK) <= 0, longest.toString());
    assertTrue(longest.compareTo(Duration.ZERO) > 0, longest.toString());
  }

  @Test
  void whoWaitsForTheStoreHoldsUpItsKeyOnlyAndNotForLong() throws Exception {
    ReliableProducer brief = open(builder().maxBlock(BRIEFLY));
    assertEquals(1, sent(brief, "known").sequence());
    CountDownLatch gate = new CountDownLatch(1);
    sequences.held = gate;
    var first = CompletableFuture.supplyAsync(() -> brief.send(message("a", "1")).join());
    sequences.asked.await();
    sequences.held = null;
    SendException failure = failureOf(brief.send(message("a", "2")));
    assertEquals(Outcome.REJECTED, failure.outcome());
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.contains("waiting for their numbers"), said);
    assertEquals(1, sent(brief, "b").sequence());
    gate.countDown();
    assertEquals(1, confirmed().sequence());
    assertNotNull(first.get());
  }

  /** What each thread sends is in the lane in its order, and all of it in the order of numbers. */
  @Test
  void threadsOfOneKeyNeverOvertakeEachOtherBetweenTheStoreAndTheLane() throws Exception {
    int threads = 4;
    int each = 200;
    List<Long> lane = new ArrayList<>();
    broker.sending(
        sent -> {
          synchronized (lane) {
            lane.add(number(sent).sequence());
          }
          return CompletableFuture.completedFuture(ScriptedTransport.receipt(sent.message()));
        });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        sending.add(pool.submit(() -> sendAll(each)));
      }
      for (Future<?> one : sending) {
        assertTrue(one.get() == null);
      }
    } finally {
      pool.shutdownNow();
    }
    synchronized (lane) {
      assertEquals(LongStream.rangeClosed(1, (long) threads * each).boxed().toList(), lane);
    }
  }

  private void sendAll(int count) {
    for (int i = 0; i < count; i++) {
      if (i % 10 == 9) {
        assertTrue(producer.sendAll(List.of(message("a", "" + i))).join().allConfirmed());
      } else {
        assertNotNull(producer.send(message("a", "" + i)).join());
      }
    }
  }

  @Test
  void aClosedProducerDrawsNothing() {
    producer.close();
    assertEquals(Outcome.REJECTED, failureOf(producer.send(message("a", "x"))).outcome());
    assertEquals(List.of(), sequences.calls);
  }

  @Test
  void whatIsClosedWhileItDrawsIsRejectedAndNotSent() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    sequences.held = gate;
    var late = CompletableFuture.supplyAsync(() -> failureOf(producer.send(message("a", "x"))));
    sequences.asked.await();
    assertEquals(1, producer.close(Duration.ZERO).rejected());
    gate.countDown();
    assertEquals(Outcome.REJECTED, late.get().outcome());
    assertEquals(0, broker.sendsWaiting());
  }
}
