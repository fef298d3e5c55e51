// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogPolicy;
import io.bowline.message.Received;
import io.bowline.transport.Await;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is diverted while the backlog is high: here messages of the keys that begin with "low". */
@Timeout(60)
class ConsumerShedTest {
  private static final BacklogPolicy POLICY = BacklogPolicy.above(100).below(10);

  private final Scene scene = new Scene();
  private final AtomicLong left = new AtomicLong(101);
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean answers = true;

  @AfterEach
  void close() {
    scene.close();
  }

  private static boolean canWait(Received message) {
    return message.key().orElse("").startsWith("low");
  }

  private ScriptedSubscription start() throws InterruptedException {
    return start(ConsumerShedTest::canWait);
  }

  private ScriptedSubscription start(Predicate<Received> choice) throws InterruptedException {
    prepare(choice);
    ScriptedSubscription member = scene.start();
    awaitMoreLooks();
    return member;
  }

  private void prepare(Predicate<Received> choice) {
    scene.broker.topic("parked", 1);
    scene.broker.backlog(
        () -> {
          questions.incrementAndGet();
          if (!answers) {
            throw new TransportException(Verdict.UNKNOWN, "no answer");
          }
          return Backlog.ofAll("orders", "billing", left.get(), Quality.AT_MOST);
        });
    scene.builder.lagEvery(Duration.ofMillis(1)).shed(POLICY, choice, "parked");
  }

  private void awaitMoreLooks() {
    int before = questions.get();
    Await.until("it looked again", () -> questions.get() > before + 4);
  }

  @Test
  void whatCanWaitIsParkedUnhandledAndTheRestIsHandled() throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver("low-1", "w1");
    Sent copy = scene.broker.nextSend();
    assertEquals("parked", copy.message().topic());
    assertEquals("w1", copy.text());
    assertEquals("low-1", copy.message().key());
    copy.confirm();
    awaitAccepted(member, "w1");
    member.deliver("high", "h1");
    awaitAccepted(member, "w1", "h1");
    assertEquals(List.of("h1"), scene.begun);
  }

  @Test
  void theCopyTellsWhyAndFromWhere() throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver(1, "low-1", "w1", Map.of("kind", "newsletter"));
    Sent copy = scene.broker.nextSend();
    var headers = copy.message().headers();
    assertEquals("newsletter", headers.get("kind"));
    assertEquals("shed: 101 messages (AT_MOST) were left", headers.get("bowline-dead-reason"));
    assertEquals(MessageShed.class.getName(), headers.get("bowline-dead-exception"));
    assertEquals("0", headers.get("bowline-dead-attempts"));
    assertEquals("billing", headers.get("bowline-dead-group"));
    assertEquals("orders", headers.get("bowline-dead-topic"));
    assertEquals("1", headers.get("bowline-dead-lane"));
    assertEquals("0", headers.get("bowline-dead-position"));
    copy.confirm();
  }

  @Test
  void theOriginalIsAcceptedOnlyAfterItsCopyWasConfirmedAndItsKeyWaits()
      throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver("low-1", "w1");
    member.deliver("low-1", "w2");
    member.deliver("high", "h1");
    Sent first = scene.broker.nextSend();
    awaitAccepted(member, "h1");
    Scene.turns(member, 3);
    assertEquals(List.of("h1"), member.accepted());
    assertEquals(0, scene.broker.sendsWaiting());
    first.confirm();
    Sent second = scene.broker.nextSend();
    assertEquals("w2", second.text());
    second.confirm();
    awaitAccepted(member, "h1", "w1", "w2");
  }

  @Test
  void aCopyThatIsNotConfirmedLeavesTheOriginalToItsHandler() throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver("low-1", "w1");
    scene.broker.nextSend().fail(Verdict.REFUSED);
    scene.broker.nextSend().fail(Verdict.REFUSED); // without its stack summary
    awaitAccepted(member, "w1");
    assertEquals(List.of("w1"), scene.begun);
    assertEquals(0, scene.broker.sendsWaiting());
    member.deliver("low-1", "w2");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "w1", "w2");
  }

  @Test
  void nothingIsShedUnlessTheBacklogIsHigh() throws InterruptedException {
    left.set(100);
    ScriptedSubscription member = start();
    member.deliver("low-1", "w1");
    awaitAccepted(member, "w1");
    left.set(101);
    awaitMoreLooks();
    member.deliver("low-1", "w2");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "w1", "w2");
    left.set(10);
    awaitMoreLooks();
    member.deliver("low-1", "w3");
    awaitAccepted(member, "w1", "w2", "w3");
    assertEquals(List.of("w1", "w3"), scene.begun);
  }

  @Test
  void nothingIsShedOnceTheBacklogIsNotKnownForLong() throws InterruptedException {
    ScriptedSubscription member = start();
    answers = false;
    awaitMoreLooks();
    member.deliver("low-1", "w1");
    awaitAccepted(member, "w1");
    assertEquals(List.of("w1"), scene.begun);
  }

  @Test
  void anEarlierOneOfItsKeyThatIsAtWorkIsWaitedFor() throws InterruptedException {
    ScriptedSubscription member = start(message -> message.text().equals("a2"));
    scene.hold("a1");
    List.of("a1", "a2", "a3").forEach(text -> member.deliver("a", text));
    scene.awaitBegun("a1");
    Scene.turns(member, 3);
    assertEquals(0, scene.broker.sendsWaiting());
    scene.release("a1");
    Sent copy = scene.broker.nextSend();
    assertEquals("a2", copy.text());
    assertEquals(List.of("a1"), scene.begun, "a3 waits for the copy of a2");
    copy.confirm();
    awaitAccepted(member, "a1", "a2", "a3");
  }

  @Test
  void whatFailedBeforeIsTriedAgainAndNotShed() throws InterruptedException {
    left.set(0);
    ScriptedSubscription member = start();
    scene.hold("w1");
    scene.fail("w1", new IllegalStateException("once"));
    member.deliver("low-1", "w1");
    scene.awaitBegun("w1");
    left.set(101);
    awaitMoreLooks();
    scene.release("w1");
    awaitAccepted(member, "w1");
    assertEquals(List.of("w1", "w1"), scene.begun);
  }

  @Test
  void aChoiceThatThrowsShedsNothingAndIsAskedOnce() throws InterruptedException {
    List<String> asked = new CopyOnWriteArrayList<>();
    ScriptedSubscription member =
        start(
            message -> {
              asked.add(message.text());
              throw new IllegalStateException("cannot tell");
            });
    scene.fail("w1", new IllegalStateException("once"));
    member.deliver("low-1", "w1");
    awaitAccepted(member, "w1");
    assertEquals(List.of("w1", "w1"), scene.begun);
    assertEquals(List.of("w1"), asked);
  }

  @Test
  void inAPauseNothingIsShed() throws InterruptedException {
    ScriptedSubscription member = start();
    scene.hold("h1");
    member.deliver("low-1", "h1");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "h1");
    scene.hold("w0");
    left.set(0);
    awaitMoreLooks();
    member.deliver("low-2", "w0");
    member.deliver("low-2", "w1");
    scene.awaitBegun("w0");
    scene.consumer().pause("the till is counted");
    left.set(101);
    awaitMoreLooks();
    scene.release("w0");
    awaitAccepted(member, "h1", "w0");
    Scene.turns(member, 3);
    assertEquals(0, scene.broker.sendsWaiting());
    left.set(0);
    awaitMoreLooks();
    scene.consumer().resume();
    awaitAccepted(member, "h1", "w0", "w1");
    assertEquals(List.of("w0", "w1"), scene.begun);
  }

  @Test
  void ofABatchOnlyWhatCanWaitIsShed() throws InterruptedException {
    List<String> handled = new CopyOnWriteArrayList<>();
    prepare(message -> message.text().startsWith("w"));
    ReliableConsumer consumer =
        scene.builder.startBatches(
            10, batch -> batch.forEach(message -> handled.add(message.text())));
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      awaitMoreLooks();
      scene.broker.sending(
          sent -> {
            sent.confirm();
            return sent.answer();
          });
      for (String text : List.of("a1", "w1", "a2", "w2", "a3")) {
        member.deliver("a", text);
      }
      awaitAccepted(member, "a1", "w1", "a2", "w2", "a3");
      assertEquals(List.of("a1", "a2", "a3"), handled);
      assertEquals("w1", scene.broker.nextSend().text());
      assertEquals("w2", scene.broker.nextSend().text());
    } finally {
      consumer.close();
    }
  }

  @Test
  void aParkingTopicThatDoesNotExistIsToldAtTheStart() {
    scene.builder.shed(POLICY, ConsumerShedTest::canWait, "nowhere");
    TransportException missing = assertThrows(TransportException.class, scene::start);
    String said = String.valueOf(missing.getMessage());
    assertTrue(said.contains("parking topic nowhere"), said);
  }

  @Test
  void theTopicItselfIsNoParkingTopic() {
    assertThrows(
        IllegalArgumentException.class,
        () -> scene.builder.shed(POLICY, ConsumerShedTest::canWait, "orders"));
  }
}
