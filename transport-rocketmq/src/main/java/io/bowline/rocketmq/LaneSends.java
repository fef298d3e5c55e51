// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One send at a time in each lane, others in parallel: neither client nor proxy keeps the order of
 * sends that are under way together. What waits is bounded by who sends, and ends by its own
 * deadline. Thread-safe.
 */
final class LaneSends {

  /** A lane of a topic. There are at most 1,024 of each topic, so they are kept. */
  private record Lane(String topic, int number) {}

  private static final class Line {
    private final Deque<Supplier<CompletionStage<?>>> waiting = new ArrayDeque<>();
    private boolean busy;
  }

  private final ConcurrentMap<Lane, Line> lines = new ConcurrentHashMap<>();

  /** Starts a send now, or when all earlier ones of its lane are over, on whose thread then. */
  void add(String topic, int lane, Supplier<CompletionStage<?>> send) {
    Line line = lines.computeIfAbsent(new Lane(topic, lane), any -> new Line());
    synchronized (line) {
      line.waiting.add(send);
      if (line.busy) {
        return;
      }
      line.busy = true;
    }
    goOn(line);
  }

  private static void goOn(Line line) {
    for (Supplier<CompletionStage<?>> next = next(line); next != null; next = next(line)) {
      var sent = next.get().toCompletableFuture();
      if (!sent.isDone()) {
        CompletionStage<?> unused = sent.whenComplete((done, failure) -> goOn(line));
        return;
      }
    }
  }

  private static @Nullable Supplier<CompletionStage<?>> next(Line line) {
    synchronized (line) {
      Supplier<CompletionStage<?>> next = line.waiting.poll();
      line.busy = next != null;
      return next;
    }
  }
}
