// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Delivery;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What RabbitMQ does to those who publish, beyond what every broker does. */
final class RabbitSendingIT {
  private final RabbitScene scene = new RabbitScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void unroutableIsNotStoredUntilAGroupHasAQueue() {
    scene.transport().admin().ensure(TopicSpec.of(scene.topic()).lanes(2));
    assertEquals(Verdict.NOT_STORED, failure(scene.message(1, "a")).verdict());
    scene.ensure(2);
    scene.confirmed(scene.message(1, "b"));
  }

  @Test
  void oneUnroutableAmongManyIsToldFromTheOthers() throws IOException {
    scene.ensure(2);
    scene.plain().queueDelete(RabbitNames.queue(scene.topic(), "g", 1));
    List<CompletableFuture<Receipt>> sends =
        IntStream.range(0, 200)
            .mapToObj(i -> scene.transport().send(scene.message(i % 2, "m" + i)))
            .toList();
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Receipt> send = sends.get(i);
      if (i % 2 == 0) {
        RabbitScene.result(send);
      } else {
        TransportException failure =
            assertThrows(TransportException.class, () -> RabbitScene.result(send));
        assertEquals(Verdict.NOT_STORED, failure.verdict(), failure.getMessage());
      }
    }
  }

  @Test
  void aTopicDeletedUnderWayEndsRefusedAndOthersGoOn() throws IOException {
    scene.ensure(1);
    scene.confirmed(scene.message(0, "known"));
    scene.plain().exchangeDelete(scene.topic());
    assertNotEquals(Verdict.NOT_STORED, failure(scene.message(0, "gone")).verdict());
    // What comes at the very moment of the failure may be told to have waited behind it.
    RabbitScene.await(
        "the refusal", () -> failure(scene.message(0, "still gone")).verdict() == Verdict.REFUSED);
    scene.ensure(1);
    scene.confirmed(scene.message(0, "back"));
  }

  @Test
  void noWritePermissionIsRefusedAndOthersGoOn() {
    scene.ensure(1);
    String other = scene.topic() + "-open";
    scene.transport().admin().ensure(new TopicSpec(other, 1, List.of("g")));
    scene.management().addUser("reader", "secret", ".*-open.*");
    TransportConfig config = scene.config();
    String host = config.address().hosts(5672).get(0);
    Transport limited =
        scene.open(TransportConfig.of(BrokerAddress.parse("rabbitmq://reader:secret@" + host)));
    Outgoing allowed = new Outgoing("id", other, 0, null, Map.of(), new byte[0]);
    RabbitScene.result(limited.send(allowed));
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> RabbitScene.result(limited.send(scene.message(0, "denied"))));
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    assertTrue(told(refused).contains("403"), refused.getMessage());
    RabbitScene.result(limited.send(allowed));
    assertThrows(
        TransportException.class,
        () -> RabbitScene.result(limited.send(scene.message(0, "denied again"))));
    RabbitScene.result(limited.send(allowed));
  }

  @Test
  void whatTheBrokerFindsTooLargeIsRefusedAndLearnt() {
    Assumptions.assumeFalse(
        scene.server().origin().contains("RabbitMQ 3"), "RabbitMQ 3 takes 128 MiB");
    scene.ensure(1);
    Transport generous = scene.open(Map.of("max.message.bytes", "33554432"));
    byte[] body = new byte[RabbitSettings.MAX_MESSAGE_BYTES + 1];
    Outgoing large = new Outgoing("large", scene.topic(), 0, null, Map.of(), body);
    TransportException first =
        assertThrows(TransportException.class, () -> RabbitScene.result(generous.send(large)));
    assertEquals(Verdict.REFUSED, first.verdict(), first.getMessage());
    assertTrue(told(first).contains("406"), first.getMessage());
    TransportException second =
        assertThrows(TransportException.class, () -> RabbitScene.result(generous.send(large)));
    assertFalse(told(second).contains("406"), "it was not tried: " + second.getMessage());
    byte[] most = new byte[RabbitSettings.MAX_MESSAGE_BYTES];
    RabbitScene.result(generous.send(new Outgoing("most", scene.topic(), 0, null, Map.of(), most)));
  }

  @Test
  void headersBeyondAFrameAreRefusedAndOthersGoOn() {
    scene.ensure(1);
    Map<String, String> headers = Map.of("long", "x".repeat(140_000));
    Outgoing message = new Outgoing("id", scene.topic(), 0, null, headers, new byte[0]);
    assertEquals(Verdict.REFUSED, failure(message).verdict());
    scene.confirmed(scene.message(0, "after"));
  }

  @Test
  void aPlainClientReadsOurs() throws IOException {
    scene.ensure(1);
    Outgoing message = scene.message(0, "hello");
    scene.confirmed(message);
    CompletableFuture<Delivery> arrived = new CompletableFuture<>();
    String queue = RabbitNames.queue(scene.topic(), "g", 0);
    scene
        .plain()
        .basicConsume(queue, true, (tag, delivery) -> arrived.complete(delivery), tag -> {});
    Delivery got = arrived.join();
    BasicProperties properties = got.getProperties();
    assertEquals("hello", new String(got.getBody(), UTF_8));
    assertEquals(message.messageId(), properties.getMessageId());
    assertEquals(2, properties.getDeliveryMode());
    assertEquals("v", String.valueOf(properties.getHeaders().get("h")));
    assertEquals("key", String.valueOf(properties.getHeaders().get("bowline-key")));
    assertEquals("0", got.getEnvelope().getRoutingKey());
  }

  @Test
  void anExchangeOfSomebodyElseHasOneLane() throws IOException {
    scene.plain().exchangeDeclare(scene.topic(), BuiltinExchangeType.TOPIC, true);
    assertEquals(1, scene.transport().lanes(scene.topic()));
    TransportException refused = assertThrows(TransportException.class, () -> scene.ensure(4));
    assertEquals(Verdict.REFUSED, refused.verdict());
    assertTrue(told(refused).contains("4 lanes, but it exists with 1"), refused.getMessage());
    scene.ensure(1);
    scene.confirmed(scene.message(0, "ours"));
    assertEquals(2, scene.open(Map.of("lanes", "2")).lanes(scene.topic()));
  }

  @Test
  void ofTwoWhoWantDifferentLanesOneIsRefused() {
    for (int round = 0; round < 5; round++) {
      String topic = scene.topic() + "-" + round;
      List<Transport> transports = List.of(scene.transport(), scene.open(Map.of()));
      List<CompletableFuture<Void>> both =
          IntStream.of(3, 7)
              .mapToObj(
                  lanes ->
                      CompletableFuture.runAsync(
                          () ->
                              transports
                                  .get(lanes % 2)
                                  .admin()
                                  .ensure(TopicSpec.of(topic).lanes(lanes))))
              .toList();
      long refused = both.stream().filter(each -> !succeeded(each)).count();
      assertEquals(1, refused, "of two");
      int lanes = scene.open(Map.of()).lanes(topic);
      assertEquals(succeeded(both.get(0)) ? 3 : 7, lanes);
    }
  }

  @Test
  void aHalfMadeTopicIsCompletedByItsOwnNumberOnly() throws IOException {
    // As a crash of ensure leaves it, or the other of two that run at once.
    Map<String, Object> claim = Map.of("alternate-exchange", RabbitNames.marker(scene.topic(), 5));
    declareInternal(RabbitNames.claim(scene.topic()), claim);
    declareInternal(RabbitNames.marker(scene.topic(), 5), Map.of());
    TransportException refused = assertThrows(TransportException.class, () -> scene.ensure(3));
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    scene.ensure(6);
    assertEquals(6, scene.transport().lanes(scene.topic()));
  }

  private void declareInternal(String name, Map<String, Object> arguments) throws IOException {
    scene.plain().exchangeDeclare(name, BuiltinExchangeType.FANOUT, true, false, true, arguments);
  }

  @Test
  void aMissingTopicDisturbsNoOther() {
    scene.ensure(1);
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sends.add(scene.transport().send(scene.message(0, "m" + i)));
      if (i % 20 == 0) {
        Outgoing lost = new Outgoing("x", scene.topic() + "x", 0, null, Map.of(), new byte[0]);
        TransportException refused =
            assertThrows(
                TransportException.class, () -> RabbitScene.result(scene.transport().send(lost)));
        assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
      }
    }
    sends.forEach(RabbitScene::result);
  }

  @Test
  void whileNobodyAnswersSendsAreNotStoredAndLaterOnesGoOn() {
    Assumptions.assumeTrue(scene.server().breakable(), "needs to end the broker");
    scene.ensure(1);
    Transport hasty = scene.open(scene.config().confirmTimeout(Duration.ofSeconds(2)));
    RabbitScene.result(hasty.send(scene.message(0, "before")));
    scene.server().kill();
    try {
      RabbitScene.await("the cut", () -> isNotStored(hasty.send(scene.message(0, "down"))));
    } finally {
      scene.server().start();
    }
    RabbitScene.await(
        "the way back", () -> RabbitScene.isConfirmed(hasty.send(scene.message(0, "after"))));
  }

  @Test
  void wrongCredentialsAreRefusedWithoutShowingThem() {
    String host = scene.config().address().hosts(5672).get(0);
    TransportException refused = unopened("rabbitmq://guest:hunter2@" + host);
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    assertFalse(told(refused).contains("hunter2"), refused.getMessage());
    TransportException noVhost = unopened("rabbitmq://guest:guest@" + host + "/missing");
    assertEquals(Verdict.REFUSED, noVhost.verdict(), noVhost.getMessage());
  }

  @Test
  void aDeadHostIsPassedOver() {
    String host = scene.config().address().hosts(5672).get(0);
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse("rabbitmq://127.0.0.1:1," + host));
    scene.ensure(1);
    RabbitScene.result(scene.open(config).send(scene.message(0, "a")));
  }

  private static String told(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static TransportException unopened(String address) {
    TransportConfig config = TransportConfig.of(BrokerAddress.parse(address));
    return assertThrows(
        TransportException.class, () -> new RabbitTransportProvider().open(config).close());
  }

  private TransportException failure(Outgoing message) {
    return assertThrows(TransportException.class, () -> scene.confirmed(message));
  }

  private static boolean isNotStored(CompletableFuture<Receipt> send) {
    try {
      RabbitScene.result(send);
      return false;
    } catch (TransportException e) {
      return e.verdict() == Verdict.NOT_STORED;
    }
  }

  private static boolean succeeded(CompletableFuture<Void> work) {
    return work.handle((nothing, failure) -> failure == null).join();
  }
}
