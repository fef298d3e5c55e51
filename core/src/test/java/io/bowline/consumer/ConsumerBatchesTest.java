// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers of batches. */
@Timeout(60)
class ConsumerBatchesTest {
  private final Scene scene = new Scene();
  private final List<List<String>> batches = new CopyOnWriteArrayList<>();
  private final List<Received> seen = new CopyOnWriteArrayList<>();

  /** The first batch of each scene waits here, so that what follows it gathers. */
  private final Semaphore gate = new Semaphore(0);

  private volatile Predicate<List<String>> poisoned = batch -> false;
  private volatile Exception failure = new Exception("made by the test");
  private @Nullable ReliableConsumer consumer;

  @AfterEach
  void close() {
    gate.release(1_000);
    if (consumer != null) {
      consumer.close(Duration.ofSeconds(5));
    }
  }

  private void handle(List<Received> messages) throws Exception {
    List<String> texts = messages.stream().map(Received::text).toList();
    batches.add(texts);
    seen.addAll(messages);
    if (batches.size() == 1) {
      gate.acquire();
    }
    if (poisoned.test(texts)) {
      throw failure;
    }
  }

  /** The first message is at work, alone, and the others have arrived behind it. */
  private ScriptedSubscription start(@Nullable String key, String... texts)
      throws InterruptedException {
    consumer = scene.builder.concurrency(1).startBatches(4, this::handle);
    ScriptedSubscription member = scene.broker.nextSubscription();
    member.deliver(key, texts[0]);
    Await.until("the first is at work", () -> batches.size() == 1);
    for (int i = 1; i < texts.length; i++) {
      member.deliver(key, texts[i]);
    }
    Await.until("all arrived", () -> member.handedOut() == texts.length);
    Scene.turns(member, 1);
    return member;
  }

  @Test
  void aKeysMessagesComeTogetherInOrderUpToTheMost() throws InterruptedException {
    ScriptedSubscription member = start("k", "0", "1", "2", "3", "4", "5");
    gate.release();
    awaitAccepted(member, "0", "1", "2", "3", "4", "5");
    assertEquals(List.of(List.of("0"), List.of("1", "2", "3", "4"), List.of("5")), batches);
  }

  @Test
  void messagesWithoutKeyComeTogetherToo() throws InterruptedException {
    ScriptedSubscription member = start(null, "0", "1", "2");
    gate.release();
    awaitAccepted(member, "0", "1", "2");
    assertEquals(List.of(List.of("0"), List.of("1", "2")), batches);
  }

  @Test
  void noMessageOfABatchIsAcceptedBeforeAllAreDone() throws InterruptedException {
    ScriptedSubscription member = start("k", "0");
    Scene.turns(member, 3);
    assertEquals(List.of(), member.accepted());
    gate.release();
    awaitAccepted(member, "0");
  }

  @Test
  void aBatchThatFailsIsTriedAgainWhole() throws InterruptedException {
    poisoned = batch -> batch.contains("2") && batches.size() < 4;
    ScriptedSubscription member = start("k", "0", "1", "2");
    gate.release();
    awaitAccepted(member, "0", "1", "2");
    assertEquals(
        List.of(List.of("0"), List.of("1", "2"), List.of("1", "2"), List.of("1", "2")), batches);
    assertEquals(
        List.of(1, 2, 3),
        seen.stream().filter(one -> one.text().equals("1")).map(Received::attempt).toList());
  }

  @Test
  void onePoisonMessageTakesNoNeighbourToTheDeadLetters() throws InterruptedException {
    scene.builder.deadLetters("dead");
    poisoned = batch -> batch.contains("2");
    ScriptedSubscription member = start("k", "0", "1", "2", "3");
    gate.release();
    var copy = scene.broker.nextSend();
    assertEquals("2", copy.text());
    assertEquals("6", copy.message().headers().get("bowline-dead-attempts"));
    copy.confirm();
    awaitAccepted(member, "0", "1", "2", "3");
    assertEquals(0, scene.broker.sendsWaiting());
    List<String> all = List.of("1", "2", "3");
    List<String> two = List.of("2");
    assertEquals(
        List.of(List.of("0"), all, all, all, List.of("1"), two, two, two, List.of("3")), batches);
  }

  @Test
  void aFatalFailureTakesTheBatchApartAtOnce() throws InterruptedException {
    scene.builder.deadLetters("dead");
    failure = new Unprocessable("no such bean");
    poisoned = batch -> batch.contains("2");
    ScriptedSubscription member = start("k", "0", "1", "2", "3");
    gate.release();
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "0", "1", "2", "3");
    assertEquals(
        List.of(List.of("0"), List.of("1", "2", "3"), List.of("1"), List.of("2"), List.of("3")),
        batches);
  }

  @Test
  void withoutDeadLettersThePoisonIsHeldAndWhatCameBeforeItIsAccepted()
      throws InterruptedException {
    poisoned = batch -> batch.contains("2");
    ScriptedSubscription member = start("k", "0", "1", "2", "3");
    gate.release();
    awaitAccepted(member, "0", "1");
    Await.until("it is tried on", () -> batches.stream().filter(List.of("2")::equals).count() > 4);
    assertEquals(List.of("0", "1"), member.accepted());
    poisoned = batch -> false;
    awaitAccepted(member, "0", "1", "2", "3");
  }

  @Test
  void aBatchOfALaneThatIsLostIsDroppedWhole() throws InterruptedException {
    scene.builder.deadLetters("dead").retry(io.bowline.retry.Retry.attempts(1));
    consumer = scene.builder.startBatches(4, this::handle);
    ScriptedSubscription member = scene.broker.nextSubscription();
    poisoned = batch -> batch.contains("0");
    member.deliver("k", "0");
    Await.until("the first is at work", () -> batches.size() == 1);
    member.deliver("k", "1");
    Scene.turns(member, 2);
    member.inPoll(() -> member.listener().lost(Set.of(0, 1))).join();
    member.deliver("k", "0 again");
    Scene.turns(member, 2);
    poisoned = batch -> batches.size() == 1;
    gate.release();
    awaitAccepted(member, "0 again");
    assertEquals(List.of(List.of("0"), List.of("0 again")), batches);
    assertEquals(0, scene.broker.sendsWaiting());
  }

  @Test
  void manyKeysKeepTheirOrderWhateverFails() throws InterruptedException {
    poisoned = batch -> batches.size() % 7 == 3 && batches.size() < 100;
    consumer = scene.builder.concurrency(8).startBatches(10, this::handle);
    gate.release();
    ScriptedSubscription member = scene.broker.nextSubscription();
    for (int i = 0; i < 500; i++) {
      for (String key : List.of("a", "b", "c")) {
        member.deliver(key, key + i);
      }
    }
    Await.until("all are accepted", () -> member.accepted().size() == 1_500);
    for (String key : List.of("a", "b", "c")) {
      assertEquals(
          IntStream.range(0, 500).mapToObj(i -> key + i).toList(),
          member.accepted().stream().filter(text -> text.startsWith(key)).toList());
    }
  }

  @Test
  void valuesAreDecodedTogether() throws InterruptedException {
    List<List<String>> values = new CopyOnWriteArrayList<>();
    consumer =
        scene.builder.startBatches(
            4, BatchHandler.typed(Codec.text(), (texts, messages) -> values.add(texts)));
    ScriptedSubscription member = scene.broker.nextSubscription();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    assertEquals(List.of(List.of("a")), values);
  }

  @Test
  void theListCannotBeChangedAndHasAtLeastRoomForOne() throws InterruptedException {
    assertThrows(IllegalArgumentException.class, () -> scene.builder.startBatches(0, this::handle));
    gate.release();
    ScriptedSubscription member = start("k", "a");
    awaitAccepted(member, "a");
    assertTrue(Objects.requireNonNull(consumer).topic().equals("orders"));
    List<Received> batch = Works.of(new LaneWork(0), "k", 0).attempts();
    assertThrows(UnsupportedOperationException.class, () -> batch.remove(0));
  }
}
