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
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that fail for good. */
@Timeout(60)
class ConsumerDeadLetterTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void theCopyIsConfirmedBeforeTheOriginalIsAccepted() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Exception("1"), new Exception("2"), new Exception("3"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    Sent copy = scene.broker.nextSend();
    assertEquals(List.of("a", "a", "a"), scene.begun);
    Scene.turns(member, 3);
    assertEquals(List.of(), member.accepted());
    assertFalse(scene.begun.contains("b"));
    copy.confirm();
    awaitAccepted(member, "a", "b");
  }

  @Test
  void whatIsUnprocessableGoesAtOnce() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "a");
    assertEquals(List.of("a"), scene.begun);
  }

  @Test
  void theCopyTellsAllAboutTheOriginal() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    ScriptedSubscription member = scene.start();
    Stamp stamp = new Stamp("id-1", "shop", 255, new KeyNumber(7, 0, false));
    member.deliver(1, "k", "a", Map.of("h", "v", "bowline-stamp", StampCodec.write(stamp)));
    Sent copy = scene.broker.nextSend();
    copy.confirm();
    awaitAccepted(member, "a");
    assertEquals("id-1", copy.message().messageId());
    assertEquals("dead", copy.message().topic());
    assertEquals("k", copy.message().key());
    assertEquals("a", copy.text());
    Map<String, String> headers = copy.message().headers();
    Map<String, String> told =
        Map.ofEntries(
            Map.entry("h", "v"),
            Map.entry("bowline-dead-reason", "no such bean"),
            Map.entry("bowline-dead-exception", Unprocessable.class.getName()),
            Map.entry("bowline-dead-attempts", "1"),
            Map.entry("bowline-dead-group", "billing"),
            Map.entry("bowline-dead-topic", "orders"),
            Map.entry("bowline-dead-lane", "1"),
            Map.entry("bowline-dead-position", "0"),
            Map.entry("bowline-dead-source", "shop"),
            Map.entry("bowline-dead-epoch", "ff"),
            Map.entry("bowline-dead-number", "7"));
    told.forEach((name, value) -> assertEquals(value, headers.get(name), name));
    assertTrue(headers.containsKey("bowline-dead-at"));
    String own = String.valueOf(headers.get("bowline-stamp"));
    assertTrue(own.startsWith("1;i=id-1;s=billing.dead-letters;"), own);
  }

  @Test
  void aFailedCopyKeepsTheOriginalAndItsKeyAndIsSentAgain() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    scene.broker.nextSend().fail(Verdict.REFUSED);
    Sent again = scene.broker.nextSend();
    Scene.turns(member, 2);
    assertEquals(List.of(), member.accepted());
    assertEquals(List.of("a"), scene.begun);
    again.confirm();
    awaitAccepted(member, "a", "b");
  }

  /** Plain clients may write header names that Bowline itself would not. */
  @Test
  void theOddHeadersOfAPlainClientAreCarriedToo() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("odd"));
    ScriptedSubscription member = scene.start();
    String tooLong = "x".repeat(500);
    member.deliver(
        0, "k", "a", Map.of("correlation id", "1", "größe%", "2", "", "3", tooLong, "4"));
    Sent copy = scene.broker.nextSend();
    copy.confirm();
    awaitAccepted(member, "a");
    Map<String, String> headers = copy.message().headers();
    assertEquals("1", headers.get("correlation%20id"));
    assertEquals("2", headers.get("gr%C3%B6%C3%9Fe%25"));
    assertTrue(headers.containsValue("3") && headers.containsValue("4"), headers.toString());
  }

  @Test
  void aFailureWhoseMessageCannotBeReadIsDeadLetteredAllTheSame() throws InterruptedException {
    scene.builder.deadLetters("dead").retry(Retry.attempts(1));
    scene.fail("a", new Unspeakable());
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "a");
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message either");
    }
  }

  @Test
  void aReasonIsCutAtALimit() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("x".repeat(100_000)));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    Sent copy = scene.broker.nextSend();
    copy.confirm();
    String reason = String.valueOf(copy.message().headers().get("bowline-dead-reason"));
    assertEquals(1_001, reason.length());
  }

  @Test
  void withoutDeadLettersAMessageIsHeldAndTriedOn() throws InterruptedException {
    scene.fail("a", failures(7));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
    assertEquals(8, scene.begun.stream().filter("a"::equals).count());
  }

  private static Throwable[] failures(int count) {
    Throwable[] failures = new Throwable[count];
    java.util.Arrays.fill(failures, new Exception("again"));
    return failures;
  }

  @Test
  void aDeadLetterTopicThatDoesNotExistIsToldAtTheStart() {
    scene.builder.deadLetters("nowhere");
    TransportException told = assertThrows(TransportException.class, scene::start);
    assertTrue(String.valueOf(told.getMessage()).contains("nowhere"));
    Await.until("no thread is left", () -> threads("bowline-poll-billing") == 0);
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  @Test
  void deadLettersCannotGoToTheTopicItself() {
    assertThrows(IllegalArgumentException.class, () -> scene.builder.deadLetters("orders"));
  }

  /** Closing interrupts a hung handler; that is no failure of its message. */
  @Test
  void aHandlerThatTheClosingInterruptsIsNotDeadLettered() throws InterruptedException {
    scene.builder.deadLetters("dead").retry(Retry.attempts(1));
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    DrainReport report = scene.consumer().close(Duration.ofMillis(10));
    Scene.assertLeft(0, 1, 1, report);
    scene.interrupted.await();
    Await.until("the handler ended", () -> scene.atWork.get() == 0);
    assertEquals(0, scene.broker.sendsWaiting());
  }

  @Test
  void whatFailsOnALaneThatIsLostIsNotDeadLettered() throws InterruptedException {
    scene.builder.deadLetters("dead").retry(Retry.attempts(1));
    scene.fail("a", new Exception("for good"));
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    member.inPoll(() -> member.listener().lost(java.util.Set.of(0, 1))).join();
    scene.release("a");
    member.deliver(1, "fence", "b", Map.of());
    awaitAccepted(member, "b");
    Await.until("the handler ended", () -> scene.atWork.get() == 0);
    Scene.turns(member, 2);
    assertEquals(0, scene.broker.sendsWaiting());
  }
}
