// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.backlog.BacklogView;
import io.bowline.consumer.BacklogWatch.Question;
import io.bowline.machine.Machine;
import io.bowline.transport.Await;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What is known of the backlog while the broker answers, and while it does not. */
@Timeout(60)
class BacklogWatchTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(BacklogWatch.class);

  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean answers = true;
  private final BacklogWatch watch =
      new BacklogWatch(
          new Question(
              "Consumer billing of orders",
              "orders",
              "billing",
              this::answer,
              Duration.ofMillis(1)),
          Machine.REAL,
          null,
          null);
  private final Thread thread = new Thread(() -> watch.run(closing));

  private Backlog answer() {
    int asked = questions.incrementAndGet();
    if (!answers) {
      throw new TransportException(Verdict.REFUSED, "add namesrv to the address");
    }
    return Backlog.ofAll("orders", "billing", asked, Quality.AT_MOST);
  }

  @BeforeEach
  void listen() {
    told.start();
    LOG.addAppender(told);
  }

  @AfterEach
  void end() throws InterruptedException {
    closing.countDown();
    thread.join();
    LOG.detachAppender(told);
  }

  private void awaitMoreQuestions() {
    int before = questions.get();
    Await.until("it asked again", () -> questions.get() > before + 2);
  }

  private List<ILoggingEvent> warnings() {
    return List.copyOf(told.list).stream().filter(e -> e.getLevel() == Level.WARN).toList();
  }

  @Test
  void itIsWhatTheBrokerSaidLast() {
    assertTrue(Double.isNaN(watch.messages()), "before the first answer");
    thread.start();
    Await.until("it is known", () -> watch.messages() >= 5);
    assertEquals(List.of(), warnings());
  }

  @Test
  void withoutAnAnswerItIsNotKnownAndThatIsToldOnce() {
    thread.start();
    Await.until("it is known", () -> watch.messages() >= 1);
    answers = false;
    Await.until("it is not known", () -> Double.isNaN(watch.messages()));
    awaitMoreQuestions();
    assertEquals(1, warnings().size());
    String said = warnings().get(0).getFormattedMessage();
    assertTrue(said.contains("billing of orders") && said.contains("add namesrv"), said);
    answers = true;
    Await.until("it is known again", () -> watch.messages() >= 1);
    answers = false;
    Await.until("that is told", () -> warnings().size() == 2);
  }

  @Test
  void beforeTheFirstAnswerWithoutOneAndAfterTheEndNothingIsKnownAndItSaysWhy()
      throws InterruptedException {
    answers = false;
    assertUnknown("not asked yet");
    thread.start();
    Await.until("it was asked", () -> questions.get() > 0);
    Await.until("that is seen", () -> watch.view().at().isPresent());
    assertUnknown("add namesrv");
    closing.countDown();
    thread.join();
    assertUnknown("closed");
  }

  private void assertUnknown(String why) {
    BacklogView view = watch.view();
    assertTrue(view.messages().isEmpty() && view.lanes().isEmpty(), view::toString);
    assertEquals(Quality.UNKNOWN, view.quality());
    assertTrue(view.trouble().contains(why), view::toString);
  }

  @Test
  void itBeginsOnceAndNotAfterTheEnd() {
    watch.begin(closing);
    watch.begin(closing);
    Await.until("it is known", () -> watch.view().isKnown());
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(one -> one.getName().equals("bowline-backlog-billing"))
            .count();
    assertEquals(1, threads);
    closing.countDown();
    Await.until("it ended", () -> !watch.view().isKnown());
    watch.begin(closing);
    assertUnknown("closed");
  }

  @Test
  void itEndsWithTheConsumerAndIsThenNotKnown() throws InterruptedException {
    thread.start();
    Await.until("it is known", () -> watch.messages() >= 1);
    closing.countDown();
    thread.join();
    assertTrue(Double.isNaN(watch.messages()));
  }
}
