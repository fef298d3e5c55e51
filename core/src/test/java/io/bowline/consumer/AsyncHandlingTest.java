// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers whose work goes on after they returned. */
@Timeout(60)
class AsyncHandlingTest {
  private final AsyncScene scene = new AsyncScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aMessageIsAcceptedOnlyAfterItsStageCompleted() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    CompletableFuture<String> stage = scene.stage("a");
    Scene.turns(member, 3);
    assertEquals(List.of(), member.accepted());
    stage.complete("done");
    awaitAccepted(member, "a");
  }

  @Test
  void aKeyWaitsForItsOpenStageAndOthersGoOn() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a1");
    member.deliver("k", "a2");
    member.deliver("other", "b");
    scene.stage("b").complete("");
    awaitAccepted(member, "b");
    assertFalse(scene.begun.contains("a2"));
    scene.stage("a1").complete("");
    scene.stage("a2").complete("");
    awaitAccepted(member, "b", "a1", "a2");
  }

  @Test
  void aStageThatFailsIsTriedAgainAndThenDeadLettered() throws InterruptedException {
    scene.builder.deadLetters("dead");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    member.deliver("k", "b");
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.awaitBegun(attempt, "a");
      scene.stage("a").completeExceptionally(new Exception("attempt " + attempt));
    }
    var copy = scene.broker.nextSend();
    assertEquals("attempt 3", copy.message().headers().get("bowline-dead-reason"));
    assertEquals("3", copy.message().headers().get("bowline-dead-attempts"));
    assertFalse(scene.begun.contains("b"));
    copy.confirm();
    scene.stage("b").complete("");
    awaitAccepted(member, "a", "b");
  }

  /** What a stage of a chain fails with is wrapped; the class of what it wraps counts. */
  @Test
  void aStageThatFailsForGoodIsNotTriedAgain() throws InterruptedException {
    scene.builder.deadLetters("dead");
    ScriptedSubscription member =
        scene.start(
            message -> {
              scene.begun.add(message.text());
              return CompletableFuture.runAsync(
                      () -> {
                        throw new Unprocessable("no such bean");
                      })
                  .thenRun(() -> {});
            });
    member.deliver("k", "a");
    var copy = scene.broker.nextSend();
    copy.confirm();
    awaitAccepted(member, "a");
    assertEquals(List.of("a"), scene.begun);
    assertEquals("no such bean", copy.message().headers().get("bowline-dead-reason"));
  }

  @Test
  void aNullStageAndACallThatThrowsAreFailures() throws InterruptedException {
    ScriptedSubscription member =
        scene.start(
            message -> {
              scene.begun.add(message.text());
              return switch (message.attempt()) {
                case 1 -> nothing();
                case 2 -> throw new StackOverflowError();
                default -> CompletableFuture.completedFuture("");
              };
            });
    member.deliver("k", "a");
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
    assertEquals(List.of("a", "a", "a", "b", "b", "b"), scene.begun);
  }

  @SuppressWarnings("NullAway") // the mistake of a handler that is not checked for nulls
  private static CompletionStage<?> nothing() {
    return null;
  }

  @Test
  void stagesThatAreDoneAtOnceKeepTheOrderOfTheKey() throws InterruptedException {
    ScriptedSubscription member =
        scene.start(
            message -> {
              scene.begun.add(message.text());
              return CompletableFuture.completedFuture(message);
            });
    for (int i = 0; i < 300; i++) {
      member.deliver("k", "m" + i);
    }
    Await.until("all are accepted", () -> member.accepted().size() == 300);
    assertEquals(scene.begun, member.accepted());
  }

  @Test
  void aStageThatEndsTwiceCountsOnce() throws InterruptedException {
    ScriptedSubscription member = scene.start(message -> new Echo());
    member.deliver("k", "a");
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
    Scene.turns(member, 3);
    assertEquals(List.of("a", "b"), member.accepted());
  }

  /** A stage that tells of its end twice, and then breaks. */
  private static final class Echo extends CompletableFuture<String> {
    @Override
    public CompletableFuture<String> whenComplete(
        java.util.function.BiConsumer<? super String, ? super Throwable> action) {
      action.accept("once", null);
      action.accept("twice", null);
      throw new IllegalStateException("made by the test");
    }
  }

  @Test
  void valuesAreDecodedAndWhatIsUndecodableIsDeadLettered() throws InterruptedException {
    scene.builder.deadLetters("dead");
    List<String> values = new CopyOnWriteArrayList<>();
    ScriptedSubscription member =
        scene.start(
            AsyncHandler.typed(
                new Refusing(),
                (value, message) -> {
                  values.add(value + "/" + message.text());
                  return CompletableFuture.completedFuture("");
                }));
    member.deliver("k", "bad");
    member.deliver("k", "good");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "bad", "good");
    assertEquals(List.of("GOOD/good"), values);
    assertTrue(scene.broker.sendsWaiting() == 0);
  }

  /** Reads texts as capitals, and {@code bad} not at all. */
  private static final class Refusing implements Codec<String> {
    @Override
    public String contentType() {
      return "text/plain";
    }

    @Override
    public byte[] encode(String value) {
      return Codec.text().encode(value);
    }

    @Override
    public String decode(Received message) {
      if (message.text().equals("bad")) {
        throw new io.bowline.message.Undecodable(message, "no capitals");
      }
      return message.text().toUpperCase(java.util.Locale.ROOT);
    }
  }
}
