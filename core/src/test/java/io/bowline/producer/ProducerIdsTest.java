// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerCloseTest.assertCounts;
import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.IdsUnavailable;
import io.bowline.id.MessageIds;
import io.bowline.message.Message;
import io.bowline.transport.ScriptedTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids that a producer draws, and what becomes of a message for which there is none. */
@Timeout(60)
class ProducerIdsTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("0123456789");
  private static final Duration BOUND = Duration.ofSeconds(3);
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 4);
  private final Ids ids = new Ids();
  private final ReliableProducer producer =
      new ProducerBuilder(broker.connected(), "shop").ids(ids).maxBlock(BOUND).open();

  /** Draws what is there, and then fails. */
  private static final class Ids implements MessageIds {
    final Deque<String> left = new ConcurrentLinkedDeque<>();
    final List<Duration> bounds = new ArrayList<>();
    final RuntimeException none = new IdsUnavailable("no worker id is held", null);

    @Override
    public String next() {
      throw new AssertionError("asked without a bound");
    }

    @Override
    public String next(Duration longest) {
      bounds.add(longest);
      String id = left.poll();
      if (id == null) {
        throw none;
      }
      return id;
    }
  }

  @Test
  void anIdIsDrawnForAMessageThatHasNone() throws InterruptedException {
    ids.left.add("orders-1");
    var drawn = producer.send(MESSAGE);
    broker.nextSend().confirm();
    assertEquals("orders-1", drawn.join().messageId());
    var own = producer.send(MESSAGE.id("mine"));
    broker.nextSend().confirm();
    assertEquals("mine", own.join().messageId());
    assertEquals(List.of(BOUND), ids.bounds, "no longer than send may block");
  }

  @Test
  void aMessageWithoutIdIsRejectedAndNothingIsSent() throws InterruptedException {
    SendException failure = failureOf(producer.send(MESSAGE));
    assertEquals(Outcome.REJECTED, failure.outcome());
    assertEquals("", failure.messageId());
    assertEquals(0, failure.attempts());
    assertSame(ids.none, failure.getCause());
    String why = String.valueOf(failure.getMessage());
    assertTrue(why.startsWith("Sending a message without id to topic orders with key k"), why);
    assertTrue(why.contains("no worker id is held") && why.endsWith("It is not stored"), why);
    ids.left.add("later");
    var later = producer.send(MESSAGE);
    broker.nextSend().confirm();
    assertEquals("later", later.join().messageId());
    assertCounts(1, 1, 0, producer.close(Duration.ZERO));
  }

  @Test
  void inABatchNoIdIsDrawnAfterOneThatFailed() throws InterruptedException {
    ids.left.add("one");
    var batch =
        producer.sendAll(List.of(MESSAGE, MESSAGE.id("own"), MESSAGE, MESSAGE, MESSAGE.id("last")));
    broker.nextSend().confirm();
    broker.nextSend().confirm();
    BatchResult result = batch.join();
    assertEquals(
        List.of("one", "own", "", "", "last"),
        result.results().stream().map(SendResult::messageId).toList());
    assertEquals(
        List.of(
            Outcome.CONFIRMED,
            Outcome.CONFIRMED,
            Outcome.REJECTED,
            Outcome.REJECTED,
            Outcome.REJECTED),
        result.results().stream().map(SendResult::outcome).toList());
    assertEquals(2, ids.bounds.size());
    assertTrue(ids.bounds.get(1).compareTo(BOUND) <= 0);
    assertCounts(2, 3, 0, producer.close(Duration.ZERO));
  }

  @Test
  void aBatchWithAMessageThatIsNoneSendsNothing() {
    ids.left.add("one");
    List<Message> odd = Arrays.asList(MESSAGE, null);
    assertThrows(NullPointerException.class, () -> producer.sendAll(odd));
    assertCounts(0, 0, 0, producer.close(Duration.ZERO));
  }
}
