// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From arrival to acknowledgement. */
@Timeout(60)
class ConsumerHandlingTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aMessageIsAcceptedOnlyAfterItsHandlerReturned() throws InterruptedException {
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    Scene.turns(member, 3);
    assertEquals(List.of(), member.accepted());
    scene.release("a");
    awaitAccepted(member, "a");
  }

  @Test
  void aFailedOneIsTriedAgainInPlaceWhileItsKeyWaitsAndOthersGoOn() throws InterruptedException {
    scene.builder.retry(
        Retry.attempts(3).backoff(Duration.ofMillis(300), Duration.ofMillis(300)).jitter(0));
    scene.fail("a1", new Exception("first"), new Exception("second"));
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    member.deliver("b", "b1");
    awaitAccepted(member, "b1", "a1", "a2");
    assertEquals(List.of("a1", "b1", "a1", "a1", "a2"), inKeyOrder(scene.begun));
    assertEquals(List.of(1, 2, 3), attempts("a1"));
  }

  /** The first of each key may begin in any order. */
  private static List<String> inKeyOrder(List<String> begun) {
    List<String> sorted = new ArrayList<>(begun);
    if (sorted.indexOf("b1") == 0) {
      sorted.remove("b1");
      sorted.add(1, "b1");
    }
    return sorted;
  }

  private List<Integer> attempts(String text) {
    return scene.seen.stream()
        .filter(message -> message.text().equals(text))
        .map(Received::attempt)
        .toList();
  }

  @Test
  void aHandlerThatThrowsAnErrorIsTriedAgain() throws InterruptedException {
    scene.fail("a", new StackOverflowError(), new AssertionError("no"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
    assertEquals(List.of("a", "a", "a", "b"), scene.begun);
  }

  /** A failure that cannot even be printed. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message either");
    }
  }

  @Test
  void aFailureThatCannotBePrintedCostsNeitherMessageNorKey() throws InterruptedException {
    scene.fail("a", new Unspeakable());
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
  }

  @Test
  void oneHandlerAtATimePerKeyAndSeveralAcrossKeys() throws InterruptedException {
    scene.builder.concurrency(3);
    for (String text : List.of("a1", "b1", "c1", "d1")) {
      scene.hold(text);
    }
    ScriptedSubscription member = scene.start();
    for (String text : List.of("a1", "a2", "b1", "c1", "d1")) {
      member.deliver(text.substring(0, 1), text);
    }
    scene.awaitBegun("c1");
    Scene.turns(member, 3);
    assertEquals(3, scene.atWork.get());
    assertFalse(scene.begun.contains("a2"));
    assertFalse(scene.begun.contains("d1"));
    List.of("a1", "b1", "c1", "d1").forEach(scene::release);
    Await.until("all are accepted", () -> member.accepted().size() == 5);
    assertEquals(3, scene.mostAtWork.get());
  }

  @Test
  void messagesWithoutKeyRunSideBySide() throws InterruptedException {
    scene.hold("1");
    scene.hold("2");
    ScriptedSubscription member = scene.start();
    member.deliver(null, "1");
    member.deliver(null, "2");
    Await.until("both are at work", () -> scene.atWork.get() == 2);
    scene.release("2");
    awaitAccepted(member, "2");
    scene.release("1");
    awaitAccepted(member, "2", "1");
  }

  @Test
  void aKeysMessagesRunInOrder() throws InterruptedException {
    scene.fail("a/3", new Exception());
    ScriptedSubscription member = scene.start();
    for (int i = 0; i < 500; i++) {
      member.deliver("a", "a/" + i);
      member.deliver("b", "b/" + i);
    }
    Await.until("all are accepted", () -> member.accepted().size() == 1_000);
    for (String key : List.of("a", "b")) {
      List<Integer> order =
          scene.begun.stream()
              .filter(text -> text.startsWith(key))
              .map(text -> Integer.parseInt(text.substring(2)))
              .distinct()
              .toList();
      assertEquals(order.stream().sorted().toList(), order);
    }
  }

  @Test
  void aMessageOfAPlainClientIsDeliveredUnderItsNativeId() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    Received seen = scene.seen.get(0);
    assertEquals("orders/0/0", seen.id());
    assertTrue(seen.stamp().isEmpty());
    assertFalse(seen.stampGarbled());
  }

  @Test
  void aGarbledStampIsFlaggedAndTheMessageDelivered() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver(0, "k", "a", Map.of("bowline-stamp", "7;zzz", "h", "v"));
    awaitAccepted(member, "a");
    assertTrue(scene.seen.get(0).stampGarbled());
    assertEquals(Map.of("h", "v"), scene.seen.get(0).headers());
  }

  @Test
  void anInterruptFlagThatAHandlerLeavesReachesNoOther() throws InterruptedException {
    List<Boolean> flags = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (ReliableConsumer one =
        scene
            .builder
            .concurrency(1)
            .start(
                message -> {
                  flags.add(Thread.currentThread().isInterrupted());
                  Thread.currentThread().interrupt();
                })) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("k", "a");
      member.deliver("k", "b");
      awaitAccepted(member, "a", "b");
      assertEquals(List.of(false, false), flags);
      assertEquals("billing", one.group());
      assertEquals("orders", one.topic());
    }
  }
}
