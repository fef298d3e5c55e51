// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KeySendsTest {
  private final KeySends sends = new KeySends();
  private final List<String> started = new ArrayList<>();
  private final Map<String, CompletableFuture<Void>> answers = new HashMap<>();

  private static Outgoing message(int lane, @Nullable String key) {
    return new Outgoing("id", "topic", lane, key, Map.of(), new byte[0]);
  }

  private void add(int lane, @Nullable String key, String name) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.put(name, answer);
    sends.add(
        message(lane, key),
        () -> {
          started.add(name);
          return answer;
        });
  }

  private CompletableFuture<Void> answerOf(String name) {
    return Objects.requireNonNull(answers.get(name));
  }

  @Test
  void oneAtATimeOfAKeyAndKeysInParallel() {
    add(0, "k", "a");
    add(0, "k", "b");
    add(0, "other", "of another key");
    assertEquals(List.of("a", "of another key"), started);
    answerOf("a").complete(null);
    assertEquals(List.of("a", "of another key", "b"), started);
    answerOf("b").complete(null);
    add(0, "k", "c");
    assertEquals(List.of("a", "of another key", "b", "c"), started);
  }

  @Test
  void oneAtATimeOfThoseWithoutKeyInALane() {
    add(0, null, "a");
    add(0, null, "b");
    add(1, null, "in another lane");
    assertEquals(List.of("a", "in another lane"), started);
    answerOf("a").complete(null);
    assertEquals(List.of("a", "in another lane", "b"), started);
  }

  @Test
  void aFailureDoesNotStopTheLine() {
    add(0, "k", "a");
    add(0, "k", "b");
    answerOf("a").completeExceptionally(new IllegalStateException("no"));
    assertEquals(List.of("a", "b"), started);
  }

  @Test
  void nothingIsKeptOfWhatIsOver() {
    for (int i = 0; i < 100; i++) {
      add(0, "k" + i, "m" + i);
    }
    assertEquals(100, sends.size());
    answers.values().forEach(each -> each.complete(null));
    assertEquals(0, sends.size());
  }

  @Test
  void thousandsThatFailAtOnceDoNotOverflowTheStack() {
    add(0, "k", "first");
    int many = 50_000;
    for (int i = 0; i < many; i++) {
      sends.add(
          message(0, "k"), () -> CompletableFuture.failedFuture(new IllegalStateException("no")));
    }
    answerOf("first").complete(null);
    add(0, "k", "last");
    assertEquals(List.of("first", "last"), started);
  }
}
