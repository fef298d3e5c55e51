// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same on each JVM, and what this one has. */
@Timeout(60)
class VirtualThreadsTest {
  private static final int JAVA = Runtime.version().feature();

  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  private static boolean isVirtual(Thread thread) {
    try {
      return JAVA >= 21 && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("cannot be: made by the test", impossible);
    }
  }

  private Thread handlersThread() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (ReliableConsumer consumer =
        scene.builder.start(message -> thread.set(Thread.currentThread()))) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("k", "a");
      awaitAccepted(member, "a");
      assertEquals("orders", consumer.topic());
    }
    return java.util.Objects.requireNonNull(thread.get());
  }

  @Test
  void byDefaultTheyAreUsedWhereTheyDoNotPin() throws InterruptedException {
    Thread thread = handlersThread();
    assertEquals(JAVA >= 24, isVirtual(thread));
    assertEquals("bowline-handler-billing", thread.getName());
  }

  @Test
  void theyAreUsedWhereSaid() throws InterruptedException {
    if (JAVA >= 21) {
      scene.builder.virtualThreads(true);
      assertTrue(isVirtual(handlersThread()));
    } else {
      IllegalStateException told =
          assertThrows(IllegalStateException.class, () -> scene.builder.virtualThreads(true));
      assertTrue(String.valueOf(told.getMessage()).contains("JDK 21"));
    }
  }

  @Test
  void theyAreNotUsedWhereRefused() throws InterruptedException {
    scene.builder.virtualThreads(false);
    assertFalse(isVirtual(handlersThread()));
  }

  @Test
  void concurrencyBoundsThemToo() throws InterruptedException {
    scene.builder.concurrency(3);
    List<String> keys = List.of("a", "b", "c", "d", "e");
    keys.forEach(scene::hold);
    ScriptedSubscription member = scene.start();
    keys.forEach(key -> member.deliver(key, key));
    Await.until("three are at work", () -> scene.atWork.get() == 3);
    Scene.turns(member, 3);
    assertEquals(3, scene.atWork.get());
    keys.forEach(scene::release);
    Await.until("all are accepted", () -> member.accepted().size() == keys.size());
    assertEquals(3, scene.mostAtWork.get());
  }

  @Test
  void aHungOneIsInterruptedAtTheClosing() throws InterruptedException {
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    Scene.assertLeft(0, 1, 1, scene.consumer().close(Duration.ofMillis(20)));
    scene.interrupted.await();
  }
}
