// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Confirms that come while their lane is busy. */
@Timeout(60)
final class ConfirmOrderTest {
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 2).pipelines();
  private final ReliableProducer producer =
      new ProducerBuilder(broker.connected(), "shop").order(Order.PIPELINED).open();
  private final String here = keyOf(0);
  private final String elsewhere = keyOf(1);

  private static String keyOf(int lane) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "key-" + i)
        .filter(key -> Lanes.of(key, 2) == lane)
        .findFirst()
        .orElseThrow();
  }

  private CompletableFuture<Receipt> send(String key, String text) {
    return producer.send(Message.to("orders").key(key).text(text));
  }

  /** A send that stays within the transport, and so keeps its lane busy, until it is let go. */
  private final class Stuck {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable CompletableFuture<Receipt> answer;

    Stuck(String key) throws InterruptedException {
      broker.sending(this::hold);
      thread = new Thread(() -> answer = send(key, "stuck"));
      thread.start();
      entered.await();
      broker.sending(Sent::answer);
    }

    private CompletableFuture<Receipt> hold(Sent sent) {
      entered.countDown();
      try {
        release.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return sent.answer();
    }

    void letGo() throws InterruptedException {
      release.countDown();
      thread.join();
      assertNotNull(answer);
    }
  }

  /** Else a message would seem to be stored behind later ones, which a WARN would tell. */
  @Test
  void theyAreHeardInTheOrderOfTheirTelling() throws InterruptedException {
    for (String key : List.of(here, elsewhere)) { // a key's first message goes alone
      var first = send(key, "1");
      broker.nextSend().confirm();
      first.join();
    }
    var other = send(elsewhere, "other");
    Sent waits = broker.nextSend();
    List<String> heard = new CopyOnWriteArrayList<>();
    var two = send(here, "2").thenRun(() -> heard.add("2"));
    var three = send(here, "3").thenRun(() -> heard.add("3"));
    Sent second = broker.nextSend();
    Sent third = broker.nextSend();
    Stuck elsewhereBusy = new Stuck(elsewhere);
    waits.confirm(); // holds up the thread that hears what cannot be heard at once
    Stuck hereBusy = new Stuck(here);
    second.confirm();
    hereBusy.letGo();
    third.confirm();
    elsewhereBusy.letGo();
    CompletableFuture.allOf(two, three, other).join();
    assertEquals(List.of("2", "3"), heard);
    producer.close(Duration.ZERO);
  }
}
