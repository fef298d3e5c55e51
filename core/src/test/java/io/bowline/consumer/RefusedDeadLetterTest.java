// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Dead letters that the broker does not take. */
@Timeout(60)
class RefusedDeadLetterTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aRefusedCopyIsSentOnceMoreWithoutItsStack() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    Sent full = scene.broker.nextSend();
    assertTrue(full.message().headers().containsKey("bowline-dead-stack"));
    full.fail(Verdict.REFUSED);
    Sent small = scene.broker.nextSend();
    assertFalse(small.message().headers().containsKey("bowline-dead-stack"));
    assertEquals("a", small.text());
    assertEquals(List.of(), member.accepted());
    small.confirm();
    awaitAccepted(member, "a");
  }

  @Test
  void aCopyThatFailedOtherwiseIsSentAgainInFull() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.broker.nextSend().fail(Verdict.NOT_STORED);
    Sent again = scene.broker.nextSend();
    assertTrue(again.message().headers().containsKey("bowline-dead-stack"));
    again.confirm();
    awaitAccepted(member, "a");
  }

  /** Too large for good, or the topic is gone: the message stays, its key waits, others go on. */
  @Test
  void whileEveryCopyIsRefusedTheKeyWaitsAndItIsToldOnce() throws InterruptedException {
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    Logger log = (Logger) LoggerFactory.getLogger(Remedies.class);
    log.addAppender(told);
    scene.builder.deadLetters("dead");
    scene.fail("a", new Unprocessable("no such bean"));
    AtomicInteger refusals = new AtomicInteger();
    scene.broker.sending(
        sent -> {
          refusals.incrementAndGet();
          sent.fail(Verdict.REFUSED);
          return sent.answer();
        });
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    member.deliver("other", "c");
    Await.until("the copy was refused again and again", () -> refusals.get() >= 20);
    Await.until("the other key went on", () -> member.accepted().equals(List.of("c")));
    scene.broker.sending(
        sent -> {
          sent.confirm();
          return sent.answer();
        });
    Await.until("the key goes on", () -> member.accepted().equals(List.of("c", "a", "b")));
    log.detachAppender(told);
    List<String> warnings =
        told.list.stream()
            .map(ILoggingEvent::getFormattedMessage)
            .filter(text -> text.contains("was not confirmed by dead"))
            .toList();
    assertEquals(1, warnings.size(), warnings.toString());
    assertEquals(
        List.of("a", "b", "c"),
        scene.begun.stream().sorted().toList(),
        "no handler is called again for that");
  }
}
