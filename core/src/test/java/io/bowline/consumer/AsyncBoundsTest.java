// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Open stages: how many, how long, and what becomes of them at the end. */
@Timeout(60)
class AsyncBoundsTest {
  private final AsyncScene scene = new AsyncScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void concurrencyBoundsTheStagesThatAreOpen() throws InterruptedException {
    scene.builder.concurrency(2);
    ScriptedSubscription member = scene.start();
    for (String text : List.of("a", "b", "c", "d")) {
      member.deliver(text, text);
    }
    Await.until("all arrived", () -> member.handedOut() == 4);
    Await.until("two began", () -> scene.begun.size() == 2);
    Scene.turns(member, 3);
    assertEquals(2, scene.begun.size());
    for (int ended = 0; ended < 4; ended++) {
      scene.stage(scene.begun.get(ended)).complete("");
      int least = Math.min(4, ended + 3);
      Await.until("the next began", () -> scene.begun.size() == least);
    }
    Await.until("all are accepted", () -> member.accepted().size() == 4);
  }

  /** A message that waits for its next try leaves its place to others. */
  @Test
  void aMessageBetweenItsTriesTakesNoPlace() throws InterruptedException {
    scene
        .builder
        .concurrency(1)
        .retry(io.bowline.retry.Retry.forever().backoff(Duration.ofHours(1), Duration.ofHours(1)));
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a");
    scene.stage("a").completeExceptionally(new Exception("made by the test"));
    member.deliver("b", "b");
    scene.stage("b").complete("");
    awaitAccepted(member, "b");
  }

  @Test
  void moreStagesThanThreadsAreOpenAtOnce() throws InterruptedException {
    int many = ConsumerBuilder.MAX_CALLING_THREADS * 10;
    scene.builder.concurrency(many);
    ScriptedSubscription member = scene.start();
    for (int i = 0; i < many; i++) {
      member.deliver("k" + i, "m" + i);
    }
    Await.until("all are open", () -> scene.begun.size() == many);
    scene.stages.values().forEach(stage -> stage.complete(""));
    Await.until("all are accepted", () -> member.accepted().size() == many);
  }

  @Test
  void closingWaitsForOpenStages() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    CompletableFuture<String> stage = scene.stage("a");
    ReliableConsumer closing = scene.consumer();
    var report = CompletableFuture.supplyAsync(() -> closing.close(Duration.ofSeconds(30)));
    Scene.turns(member, 3);
    assertFalse(report.isDone());
    stage.complete("");
    Scene.assertLeft(1, 0, 0, report.join());
    awaitAccepted(member, "a");
  }

  @Test
  void aStageThatNeverCompletesHoldsItsKeyAloneAndIsTold() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a1");
    member.deliver("k", "a2");
    member.deliver("other", "b");
    scene.stage("b").complete("");
    awaitAccepted(member, "b");
    ReliableConsumer closing = scene.consumer();
    Scene.assertLeft(1, 2, 1, closing.close(Duration.ofMillis(20)));
    scene.stage("a1").complete("too late");
    assertEquals(List.of("b"), member.accepted());
    assertFalse(scene.begun.contains("a2"));
  }

  /** As with threads: what began on a lane that was lost ends before its key goes on here. */
  @Test
  void aLostLaneStartsNoSecondStageOfAKey() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    CompletableFuture<String> first = scene.stage("a");
    member
        .inPoll(
            () -> {
              member.listener().lost(Set.of(0, 1));
              member.ours(delivery -> delivery.position().equals("1"));
            })
        .join();
    member.deliver("k", "a");
    Scene.turns(member, 3);
    assertEquals(1, scene.begun.size());
    first.complete("");
    scene.awaitBegun(2, "a");
    scene.stage("a").complete("");
    awaitAccepted(member, "a");
  }
}
