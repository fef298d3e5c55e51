// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers of keys that a store hands out to several messages at once. */
@Timeout(60)
class ProducerSequencesBatchTest extends SequencedProducers {
  @Test
  void aBatchAsksOnceAndOnlyForThoseWithAKey() throws InterruptedException {
    var batch =
        producer.sendAll(
            List.of(
                message("a", "1"),
                Message.to("orders").text("2"),
                message("b", "3"),
                message("a", "4")));
    for (int i = 0; i < 4; i++) {
      broker.nextSend().confirm();
    }
    assertTrue(batch.join().allConfirmed());
    assertEquals(1, sequences.calls.size());
    assertEquals(
        List.of("a", "b", "a"), sequences.calls.get(0).stream().map(key -> key.key()).toList());
    assertEquals(new KeyNumber(3, 0, false), sent(producer, "a"));
  }

  @Test
  void aBatchThatIsLargerThanTheWindowAsksAgainOnceThereIsRoom() {
    ReliableProducer narrow = open(builder().window(3, 1_000));
    List<Long> numbers = new ArrayList<>();
    broker.sending(
        sent -> {
          synchronized (numbers) {
            numbers.add(number(sent).sequence());
          }
          return CompletableFuture.supplyAsync(() -> ScriptedTransport.receipt(sent.message()));
        });
    List<Message> ten = LongStream.rangeClosed(1, 10).mapToObj(i -> message("a", "" + i)).toList();
    assertTrue(narrow.sendAll(ten).join().allConfirmed());
    synchronized (numbers) {
      assertEquals(LongStream.rangeClosed(1, 10).boxed().toList(), numbers);
    }
    assertTrue(sequences.calls.size() > 1, sequences.calls::toString);
    assertTrue(sequences.calls.stream().allMatch(keys -> keys.size() <= 3));
  }

  @Test
  void aBatchWithoutNumbersIsRejectedWhole() {
    ReliableProducer narrow = open(builder().window(2, 1_000));
    sequences.broken = new IllegalStateException("the database is away");
    List<Message> five = LongStream.rangeClosed(1, 5).mapToObj(i -> message("a", "" + i)).toList();
    BatchResult result = narrow.sendAll(five).join();
    assertEquals(5, result.unconfirmed().size());
    assertTrue(
        result.results().stream().allMatch(one -> one.outcome() == Outcome.REJECTED),
        result::toString);
    assertEquals(1, sequences.calls.size(), "what is behind is not asked for");
    assertEquals(0, broker.sendsWaiting());
  }

  @Test
  void pipelinedKeysGoOnTogetherBehindNumbersOfOthers() throws InterruptedException {
    broker.pipelines();
    ReliableProducer fast = open(builder().order(Order.PIPELINED));
    assertEquals(1, sent(fast, "a").sequence());
    sequences.set("orders", "a", 5);
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sends.add(fast.send(message("a", "" + i)));
    }
    List<Sent> underWay = List.of(broker.nextSend(), broker.nextSend(), broker.nextSend());
    assertEquals(
        List.of(new KeyNumber(6, 0, true), new KeyNumber(7, 0, true), new KeyNumber(8, 0, true)),
        underWay.stream().map(SequencedProducers::number).toList());
    underWay.forEach(Sent::confirm);
    sends.forEach(send -> assertNotNull(send.join()));
    assertEquals(new KeyNumber(9, 0, false), sent(fast, "a"));
  }
}
