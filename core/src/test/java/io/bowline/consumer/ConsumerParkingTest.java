// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys whose messages follow a dead letter. */
@Timeout(60)
class ConsumerParkingTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  private ScriptedSubscription startParking() throws InterruptedException {
    scene.builder.deadLetters("dead").parkKey();
    scene.fail("a1", new Unprocessable("no such bean"));
    return scene.start();
  }

  /** The copy is confirmed, and was this one. */
  private Sent confirmNext(String text) throws InterruptedException {
    Sent copy = scene.broker.nextSend();
    assertEquals(text, copy.text());
    copy.confirm();
    return copy;
  }

  @Test
  void laterMessagesOfTheKeyFollowInOrderUnhandledAndOthersGoOn() throws InterruptedException {
    ScriptedSubscription member = startParking();
    List.of("a1", "a2", "a3").forEach(text -> member.deliver("a", text));
    confirmNext("a1");
    Sent second = confirmNext("a2");
    confirmNext("a3");
    awaitAccepted(member, "a1", "a2", "a3");
    member.deliver("b", "b1");
    awaitAccepted(member, "a1", "a2", "a3", "b1");
    assertEquals(List.of("a1", "b1"), scene.begun);
    assertEquals(Set.of("a"), scene.consumer().parkedKeys());
    var headers = second.message().headers();
    assertEquals(KeyParked.class.getName(), headers.get("bowline-dead-exception"));
    assertEquals("0", headers.get("bowline-dead-attempts"));
    assertTrue(String.valueOf(headers.get("bowline-dead-reason")).contains("orders/0/0"));
  }

  @Test
  void aFollowerIsAcceptedOnlyAfterItsCopyWasConfirmedAndTheNextWaitsForIt()
      throws InterruptedException {
    ScriptedSubscription member = startParking();
    List.of("a1", "a2", "a3").forEach(text -> member.deliver("a", text));
    confirmNext("a1");
    scene.broker.nextSend().fail(Verdict.NOT_STORED);
    Sent again = scene.broker.nextSend();
    assertEquals("a2", again.text());
    Scene.turns(member, 3);
    assertEquals(List.of("a1"), member.accepted());
    assertEquals(0, scene.broker.sendsWaiting());
    again.confirm();
    confirmNext("a3");
    awaitAccepted(member, "a1", "a2", "a3");
  }

  @Test
  void anUnparkedKeyIsHandledFromItsNextMessageOn() throws InterruptedException {
    ScriptedSubscription member = startParking();
    List.of("a1", "a2").forEach(text -> member.deliver("a", text));
    confirmNext("a1");
    confirmNext("a2");
    awaitAccepted(member, "a1", "a2");
    assertTrue(scene.consumer().unpark("a"));
    assertFalse(scene.consumer().unpark("a"));
    member.deliver("a", "a3");
    awaitAccepted(member, "a1", "a2", "a3");
    assertEquals(List.of("a1", "a3"), scene.begun);
    assertEquals(Set.of(), scene.consumer().parkedKeys());
  }

  @Test
  void whatWaitsForItsCopyIsHandledIfTheKeyIsUnparkedMeanwhile() throws InterruptedException {
    ScriptedSubscription member = startParking();
    List.of("a1", "a2").forEach(text -> member.deliver("a", text));
    confirmNext("a1");
    Sent copy = scene.broker.nextSend();
    assertTrue(scene.consumer().unpark("a"));
    scene.broker.sending(
        sent -> {
          sent.fail(Verdict.REFUSED);
          return sent.answer();
        });
    copy.fail(Verdict.REFUSED);
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a1", "a2"), scene.begun);
  }

  @Test
  void messagesWithoutKeyAreNeverParked() throws InterruptedException {
    ScriptedSubscription member = startParking();
    member.deliver(null, "a1");
    confirmNext("a1");
    awaitAccepted(member, "a1");
    member.deliver(null, "a2");
    awaitAccepted(member, "a1", "a2");
    assertEquals(Set.of(), scene.consumer().parkedKeys());
  }

  @Test
  void beyondTheBoundTheKeyIsHeldInPlaceUntilThereIsRoom() throws InterruptedException {
    scene.builder.parkKey(1);
    scene.fail("b1", new Unprocessable("1"), new Unprocessable("2"), new Unprocessable("3"));
    ScriptedSubscription member = startParkingOnly();
    member.deliver("a", "a1");
    confirmNext("a1");
    awaitAccepted(member, "a1");
    member.deliver("b", "b1");
    member.deliver("b", "b2");
    Await.until("it is held and tried on", () -> count("b1") == 4);
    awaitAccepted(member, "a1", "b1", "b2");
    assertEquals(0, scene.broker.sendsWaiting());
    assertEquals(Set.of("a"), scene.consumer().parkedKeys());
  }

  private ScriptedSubscription startParkingOnly() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a1", new Unprocessable("no such bean"));
    return scene.start();
  }

  private long count(String text) {
    return scene.begun.stream().filter(text::equals).count();
  }

  @Test
  void withoutTheOptionLaterMessagesAreHandled() throws InterruptedException {
    ScriptedSubscription member = startParkingOnly();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    confirmNext("a1");
    awaitAccepted(member, "a1", "a2");
    assertEquals(Set.of(), scene.consumer().parkedKeys());
    assertFalse(scene.consumer().unpark("a"));
  }

  @Test
  void parkingWithoutDeadLettersIsRefused() {
    scene.builder.parkKey();
    IllegalStateException told = assertThrows(IllegalStateException.class, scene::start);
    assertTrue(String.valueOf(told.getMessage()).contains("deadLetters(topic)"));
  }

  @Test
  void whatIsBehindThePoisonOfABatchFollowsItToo() throws InterruptedException {
    List<String> handled = new CopyOnWriteArrayList<>();
    scene.builder.deadLetters("dead").parkKey().concurrency(1);
    ReliableConsumer consumer =
        scene.builder.startBatches(
            10,
            messages -> {
              if (messages.stream().anyMatch(message -> message.text().equals("a2"))) {
                throw new Unprocessable("no such bean");
              }
              messages.forEach(message -> handled.add(message.text()));
            });
    try (consumer) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      List.of("a1", "a2", "a3", "a4").forEach(text -> member.deliver("a", text));
      confirmNext("a2");
      confirmNext("a3");
      confirmNext("a4");
      awaitAccepted(member, "a1", "a2", "a3", "a4");
      assertEquals(List.of("a1"), handled);
    }
  }

  /** What comes again, as after a crash, is the message that the others follow: not one of them. */
  @Test
  void theMessageThatItsKeyWasParkedForFollowsNobody() throws InterruptedException {
    ScriptedSubscription member = startParking();
    Map<String, String> stamped =
        Map.of(
            "bowline-stamp",
            StampCodec.write(new Stamp("id-1", "shop", 1, new KeyNumber(1, 0, false))));
    member.deliver(0, "a", "a1", stamped);
    confirmNext("a1");
    awaitAccepted(member, "a1");
    member.deliver(0, "a", "a1", stamped);
    awaitAccepted(member, "a1", "a1");
    assertEquals(2, count("a1"));
    assertEquals(Set.of("a"), scene.consumer().parkedKeys());
  }
}
