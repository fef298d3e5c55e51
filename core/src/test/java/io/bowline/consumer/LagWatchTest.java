// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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

/** What is known of the lag while the broker answers, and while it does not. */
@Timeout(60)
class LagWatchTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(LagWatch.class);

  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean answers = true;
  private final LagWatch lag =
      new LagWatch("Consumer billing of orders", this::answer, Duration.ofMillis(1));
  private final Thread thread = new Thread(() -> lag.run(Machine.REAL, closing));

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
    assertTrue(Double.isNaN(lag.messages()), "before the first answer");
    thread.start();
    Await.until("it is known", () -> lag.messages() >= 5);
    assertEquals(List.of(), warnings());
  }

  @Test
  void withoutAnAnswerItIsNotKnownAndThatIsToldOnce() {
    thread.start();
    Await.until("it is known", () -> lag.messages() >= 1);
    answers = false;
    Await.until("it is not known", () -> Double.isNaN(lag.messages()));
    awaitMoreQuestions();
    assertEquals(1, warnings().size());
    String said = warnings().get(0).getFormattedMessage();
    assertTrue(said.contains("billing of orders") && said.contains("add namesrv"), said);
    answers = true;
    Await.until("it is known again", () -> lag.messages() >= 1);
    answers = false;
    Await.until("that is told", () -> warnings().size() == 2);
  }

  @Test
  void itEndsWithTheConsumerAndIsThenNotKnown() throws InterruptedException {
    thread.start();
    Await.until("it is known", () -> lag.messages() >= 1);
    closing.countDown();
    thread.join();
    assertTrue(Double.isNaN(lag.messages()));
  }
}
