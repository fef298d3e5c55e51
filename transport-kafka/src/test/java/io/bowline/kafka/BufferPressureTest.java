// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static io.bowline.kafka.SenderScene.await;
import static io.bowline.kafka.SenderScene.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Receipt;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A full buffer of the client, as producers see it. */
final class BufferPressureTest {
  private final SenderScene scene = new SenderScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private void fillBuffer() {
    scene.openLane();
    scene.producer().roomInBuffer = 10;
    scene.producer().answer =
        callback -> callback.onCompletion(null, new BufferExhaustedException("full"));
    assertEquals(Verdict.NOT_STORED, failure(scene.send("a")).verdict());
  }

  @Test
  void isNotStoredAndToldOnce() {
    fillBuffer();
    assertEquals(Verdict.NOT_STORED, failure(scene.send("b")).verdict());
    assertEquals(List.of("blocked buffer"), scene.told);
    assertEquals(List.of(), scene.unreachable, "the topic is as reachable as before");
    assertEquals(1, scene.opened.size());
  }

  @Test
  void holdsOnlyOneSendInAWhile() {
    fillBuffer();
    AtomicInteger tries = new AtomicInteger();
    scene.producer().answer =
        callback -> {
          tries.incrementAndGet();
          callback.onCompletion(null, new BufferExhaustedException("full"));
        };
    for (int i = 0; i < 1000; i++) {
      assertEquals(Verdict.NOT_STORED, failure(scene.send("b")).verdict());
    }
    assertTrue(tries.get() <= 20, "tried " + tries.get() + " times");
  }

  @Test
  void isOverOnceThereIsRoom() {
    fillBuffer();
    scene.producer().answer = null;
    scene.producer().roomInBuffer = 300;
    await(() -> scene.told.size() == 2);
    assertEquals(List.of("blocked buffer", "unblocked buffer"), scene.told);
    CompletableFuture<Receipt> next = scene.send("b");
    assertFalse(next.isDone());
    assertTrue(scene.producer().completeNext());
    assertEquals("b", next.join().messageId());
  }
}
