// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler throws costs neither a message, nor a key, nor the consumer. */
@Timeout(60)
class ConsumerFailuresTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whatIsFatalGoesToTheDeadLettersAtOnce() throws InterruptedException {
    scene.builder.deadLetters("dead").fatal(IllegalStateException.class);
    scene.fail("a", new CompletionException(new IllegalStateException("for good")));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    Sent copy = scene.broker.nextSend();
    copy.confirm();
    awaitAccepted(member, "a");
    assertEquals(List.of("a"), scene.begun);
    assertEquals(
        IllegalStateException.class.getName(),
        copy.message().headers().get("bowline-dead-exception"));
  }

  @Test
  void onlyWhatIsRetryableIsTriedAgainWhereAllElseIsFatal() throws InterruptedException {
    scene.builder.deadLetters("dead").fatal(Throwable.class).retryable(IOException.class);
    scene.fail("a", new EOFException());
    scene.fail("b", new Exception());
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "a", "b");
    assertEquals(List.of("a", "a", "b"), scene.begun);
  }

  /** The worst that a handler can throw, each class twice, on one thread. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        OutOfMemoryError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class,
        ExceptionInInitializerError.class,
        AssertionError.class,
        ThreadDeath.class,
        InterruptedException.class,
        Throwable.class
      })
  void anyThrowableIsTriedAgain(Class<? extends Throwable> type) throws InterruptedException {
    scene.builder.concurrency(1);
    List<String> begun = new CopyOnWriteArrayList<>();
    Handler handler =
        message -> {
          begun.add(message.text());
          if (message.attempt() < 3) {
            Scene.raise(made(type));
          }
        };
    try (ReliableConsumer consumer = scene.builder.start(handler)) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("k", "a");
      member.deliver("k", "b");
      member.deliver("other", "c");
      Await.until("all are accepted", () -> member.accepted().size() == 3);
      assertEquals(List.of("a", "a", "a", "b", "b", "b"), ofKey(begun));
      assertEquals("orders", consumer.topic());
    }
  }

  private static List<String> ofKey(List<String> begun) {
    return begun.stream().filter(text -> !text.equals("c")).toList();
  }

  private static Throwable made(Class<? extends Throwable> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("cannot be: made by the test", impossible);
    }
  }

  /** {@code Thread.stop} still works on JDK 17; from 20 on it throws instead. */
  @Test
  void aHandlerThatKillsItsThreadCostsNothing() throws InterruptedException {
    scene.builder.concurrency(1);
    List<String> begun = new CopyOnWriteArrayList<>();
    Handler handler =
        message -> {
          begun.add(message.text());
          if (begun.size() <= 2) {
            Thread.class.getMethod("stop").invoke(Thread.currentThread());
          }
        };
    try (ReliableConsumer consumer = scene.builder.start(handler)) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("k", "a");
      member.deliver("k", "b");
      awaitAccepted(member, "a", "b");
      assertEquals(List.of("a", "a", "a", "b"), begun);
      assertEquals("billing", consumer.group());
    }
  }

  /** A stack that is full while the handler unwinds is empty again where the engine catches. */
  @Test
  void aRealStackOverflowIsTriedAgain() throws InterruptedException {
    scene.builder.concurrency(1);
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    Handler handler =
        message -> {
          attempts.add(message.attempt());
          if (message.attempt() == 1) {
            assertTrue(endless(1) > 0);
          }
        };
    try (ReliableConsumer consumer = scene.builder.start(handler)) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("k", "a");
      awaitAccepted(member, "a");
      assertEquals(List.of(1, 2), attempts);
      assertEquals("orders", consumer.topic());
    }
  }

  private static int endless(int depth) {
    return depth == 0 ? 0 : endless(depth + 1) + 1;
  }

  /** What an interrupted handler returns or throws counts for nothing: its message comes again. */
  @Test
  void aHandlerThatReturnsWhenTheClosingInterruptsItAcknowledgesNothing()
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    ReliableConsumer consumer =
        scene
            .builder
            .retry(io.bowline.retry.Retry.attempts(1))
            .deadLetters("dead")
            .start(
                message -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException stop) {
                    ended.countDown();
                  }
                });
    ScriptedSubscription member = scene.broker.nextSubscription();
    member.deliver("k", "a");
    begun.await();
    Scene.assertLeft(0, 1, 1, consumer.close(Duration.ofMillis(10)));
    ended.await();
    assertEquals(List.of(), member.accepted());
    assertEquals(0, scene.broker.sendsWaiting());
  }
}
