// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.bowline.rabbitmq.RabbitScene.Diary;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What RabbitMQ does to those who consume, beyond what every broker does. */
final class RabbitReceivingIT {
  private final RabbitScene scene = new RabbitScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void oursReadsWhatAPlainClientWrote() throws IOException {
    scene.ensure(1);
    BasicProperties named =
        new BasicProperties.Builder().messageId("theirs").headers(Map.of("n", 7)).build();
    scene.plain().basicPublish(scene.topic(), "0", named, "one".getBytes(UTF_8));
    scene.plain().basicPublish(scene.topic(), "0", null, "two".getBytes(UTF_8));
    try (Subscription subscription = scene.subscribe(new Diary())) {
      Delivery one = RabbitScene.next(subscription);
      assertEquals("theirs", one.nativeId());
      assertEquals(Map.of("n", "7"), one.headers());
      assertEquals(null, one.key());
      Delivery two = RabbitScene.next(subscription);
      assertEquals("two", RabbitScene.text(two));
      assertEquals(scene.topic() + "/0/" + two.position(), two.nativeId());
      assertTrue(subscription.accept(one) && subscription.accept(two));
    }
  }

  @Test
  void aForcedCloseMakesTagsStaleAndMessagesComeAgain() {
    scene.ensure(2);
    String name = "forced-" + scene.topic();
    Transport mine = scene.open(Map.of("connection.name", name));
    Diary diary = new Diary();
    Subscription subscription = mine.subscribe(new SubscriptionSpec(scene.topic(), "g", 10), diary);
    scene.confirmed(scene.message(1, "held"));
    Delivery held = RabbitScene.next(subscription);
    assertTrue(subscription.release(held, Duration.ZERO));
    Delivery second = RabbitScene.next(subscription);
    assertTrue(subscription.release(second, Duration.ZERO));
    Delivery third = RabbitScene.next(subscription);
    assertEquals(List.of(1, 2, 3), List.of(held.attempt(), second.attempt(), third.attempt()));
    RabbitScene.await(
        "its connection", () -> scene.management().closeConnections(name + " consuming") > 0);
    RabbitScene.await(
        "the loss", () -> polledNone(subscription) && diary.entries.contains("lost [1]"));
    assertFalse(subscription.accept(third), "the tag means nothing on another channel");
    assertFalse(subscription.release(third, Duration.ZERO));
    Delivery again = RabbitScene.next(subscription);
    assertEquals("held", RabbitScene.text(again));
    assertFalse(subscription.accept(third), "a tag of the same number is now another delivery");
    assertTrue(again.attempt() >= 3, "attempt fell to " + again.attempt());
    assertTrue(subscription.accept(again));
    assertEquals(List.of("assigned [1]", "lost [1]", "assigned [1]"), diary.entries);
    subscription.close();
  }

  private static boolean polledNone(Subscription subscription) {
    return subscription.poll(0, Duration.ofMillis(100)).isEmpty();
  }

  @Test
  void closingRightAfterAcceptingPutsBackTheUnsettledOnly() throws IOException {
    scene.ensure(1);
    for (int round = 0; round < 15; round++) {
      closeWithOneUnsettled(99);
    }
  }

  @Test
  void closingRightAfterAcceptingOneByOnePutsBackTheUnsettledOnly() throws IOException {
    scene.ensure(1);
    for (int round = 0; round < 15; round++) {
      // Not one acknowledgement can cover another, since the lowest tag stays unsettled.
      closeWithOneUnsettled(0);
    }
  }

  /** Of 100 messages accepts all but this one, and leaves at once. */
  private void closeWithOneUnsettled(int unsettled) throws IOException {
    String queue = RabbitNames.queue(scene.topic(), "g", 0);
    List<CompletableFuture<?>> sends = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sends.add(scene.transport().send(scene.message(0, "m" + i)));
    }
    CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
    Subscription subscription = scene.subscribe(new Diary());
    for (int i = 0; i < 100; i++) {
      Delivery delivery = RabbitScene.next(subscription);
      assertTrue(i == unsettled || subscription.accept(delivery));
    }
    subscription.close();
    RabbitScene.await("the unsettled one to be put back", () -> ready(queue) > 0);
    assertEquals(1, ready(queue));
    scene.plain().queuePurge(queue);
  }

  private long ready(String queue) {
    try {
      return scene.plain().messageCount(queue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMessageThatKillsItsConsumersIsNotDropped() throws IOException {
    scene.ensure(1);
    scene.confirmed(scene.message(0, "poison"));
    // RabbitMQ 4 drops a message at its 21st arrival, unless the queue says otherwise.
    for (int crash = 0; crash < 25; crash++) {
      Channel doomed = scene.plain().getConnection().createChannel();
      CompletableFuture<String> arrived = new CompletableFuture<>();
      doomed.basicConsume(
          RabbitNames.queue(scene.topic(), "g", 0),
          false,
          (tag, message) -> arrived.complete(tag),
          tag -> {});
      arrived.orTimeout(60, SECONDS).join();
      doomed.abort();
    }
    try (Subscription subscription = scene.subscribe(new Diary())) {
      Delivery poison = RabbitScene.next(subscription);
      assertEquals("poison", RabbitScene.text(poison));
      assertTrue(poison.attempt() > 20, "attempt " + poison.attempt());
    }
  }

  @Test
  void aMemberGivesBackWhatIsTooMuchAndGetsItBackWhenTheOtherLeaves() {
    scene.ensure(4);
    Diary first = new Diary();
    Diary second = new Diary();
    Subscription one = scene.subscribe(first);
    assertTrue(one.holdsLanesAlone());
    List<String> got = new ArrayList<>();
    sendToAllLanes("a");
    RabbitScene.await("all lanes", () -> got.addAll(accepted(one)) && got.size() == 4);
    Subscription other = scene.subscribe(second);
    RabbitScene.await(
        "two lanes to be given back",
        () ->
            accepted(one).isEmpty()
                && accepted(other).isEmpty()
                && first.lanes("revoking").size() == 2);
    sendToAllLanes("b");
    RabbitScene.await(
        "b",
        () -> {
          got.addAll(accepted(one));
          got.addAll(accepted(other));
          return got.size() == 8;
        });
    assertEquals(first.lanes("revoking"), second.lanes("assigned"));
    other.close();
    sendToAllLanes("c");
    RabbitScene.await("c", () -> got.addAll(accepted(one)) && got.size() == 12);
    assertEquals(12, Set.copyOf(got).size(), "nothing came twice");
    one.close();
  }

  private void sendToAllLanes(String text) {
    for (int lane = 0; lane < 4; lane++) {
      scene.confirmed(scene.message(lane, text + lane));
    }
  }

  private static List<String> accepted(Subscription subscription) {
    List<Delivery> polled = subscription.poll(10, Duration.ofMillis(50));
    polled.forEach(subscription::accept);
    return polled.stream().map(RabbitScene::text).toList();
  }

  @Test
  void aQueueThatAnOperatorDeletedIsMadeAgain() throws IOException {
    scene.ensure(2);
    try (Subscription subscription = scene.subscribe(new Diary())) {
      scene.confirmed(scene.message(0, "before"));
      assertTrue(subscription.accept(RabbitScene.next(subscription)));
      scene.plain().queueDelete(RabbitNames.queue(scene.topic(), "g", 1));
      RabbitScene.await(
          "the queue to be made again",
          () ->
              polledNone(subscription)
                  && RabbitScene.isConfirmed(scene.transport().send(scene.message(1, "after"))));
      assertEquals("after", RabbitScene.text(RabbitScene.next(subscription)));
    }
  }

  @Test
  void aQueueOfSomebodyElseIsUsedAsItIs() throws IOException {
    String queue = RabbitNames.queue(scene.topic(), "g", 0);
    scene.plain().exchangeDeclare(scene.topic(), BuiltinExchangeType.TOPIC, true);
    scene.plain().queueDeclare(queue, true, false, false, Map.of());
    scene.plain().queueBind(queue, scene.topic(), "eu.*");
    try (Subscription subscription = scene.subscribe(new Diary())) {
      assertFalse(subscription.holdsLanesAlone(), "it has no single active consumer");
      scene.plain().basicPublish(scene.topic(), "us.1", null, "no".getBytes(UTF_8));
      scene.plain().basicPublish(scene.topic(), "eu.1", null, "yes".getBytes(UTF_8));
      assertEquals("yes", RabbitScene.text(RabbitScene.next(subscription)));
    }
  }

  @Test
  void aGroupOnAnExchangeOfSomebodyElseGetsAllOfIt() throws IOException {
    scene.plain().exchangeDeclare(scene.topic(), BuiltinExchangeType.TOPIC, true);
    try (Subscription subscription = scene.subscribe(new Diary())) {
      scene.plain().basicPublish(scene.topic(), "eu.1", null, "plain".getBytes(UTF_8));
      assertEquals("plain", RabbitScene.text(RabbitScene.next(subscription)));
      scene.confirmed(scene.message(0, "ours"));
      assertEquals("ours", RabbitScene.text(RabbitScene.next(subscription)));
    }
  }
}
