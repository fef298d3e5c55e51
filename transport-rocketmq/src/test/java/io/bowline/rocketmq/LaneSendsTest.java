// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LaneSendsTest {
  private final LaneSends sends = new LaneSends();
  private final List<String> started = new ArrayList<>();
  private final Map<String, CompletableFuture<Void>> answers = new HashMap<>();

  private void add(int lane, String name) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.put(name, answer);
    sends.add(
        "topic",
        lane,
        () -> {
          started.add(name);
          return answer;
        });
  }

  private CompletableFuture<Void> answerOf(String name) {
    return Objects.requireNonNull(answers.get(name));
  }

  @Test
  void oneAtATimeInALaneAndLanesInParallel() {
    add(0, "a");
    add(0, "b");
    add(1, "other");
    assertEquals(List.of("a", "other"), started);
    answerOf("a").complete(null);
    assertEquals(List.of("a", "other", "b"), started);
    answerOf("b").complete(null);
    add(0, "c");
    assertEquals(List.of("a", "other", "b", "c"), started);
  }

  @Test
  void aFailureDoesNotStopTheLane() {
    add(0, "a");
    add(0, "b");
    answerOf("a").completeExceptionally(new IllegalStateException("no"));
    assertEquals(List.of("a", "b"), started);
  }

  @Test
  void thousandsThatFailAtOnceDoNotOverflowTheStack() {
    add(0, "first");
    int many = 50_000;
    for (int i = 0; i < many; i++) {
      sends.add("topic", 0, () -> CompletableFuture.failedFuture(new IllegalStateException("no")));
    }
    answerOf("first").complete(null);
    add(0, "last");
    assertEquals(List.of("first", "last"), started);
  }
}
