// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Outgoing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One send at a time of each key, and of those without key in each lane; others in parallel:
 * neither client nor proxy keeps the order of sends that are under way together (of 3,000 in one
 * message group some 250 overtook another). What waits is bounded by who sends, and ends by its own
 * deadline. Thread-safe.
 */
final class KeySends {

  private record Place(String topic, int lane, @Nullable String key) {}

  /** Those behind the one under way; nobody has to wait in most lines. */
  private static final class Line {
    private @Nullable Deque<Supplier<CompletableFuture<?>>> waiting;
    private boolean over;

    synchronized boolean joined(Supplier<CompletableFuture<?>> send) {
      if (over) {
        return false;
      }
      if (waiting == null) {
        waiting = new ArrayDeque<>();
      }
      waiting.add(send);
      return true;
    }

    synchronized @Nullable Supplier<CompletableFuture<?>> next() {
      Supplier<CompletableFuture<?>> next = waiting == null ? null : waiting.poll();
      over = next == null;
      return next;
    }
  }

  private final ConcurrentMap<Place, Line> lines = new ConcurrentHashMap<>();

  /** Starts a send now, or when all earlier ones of its line are over, on whose thread then. */
  void add(Outgoing message, Supplier<CompletableFuture<?>> send) {
    Place place = new Place(message.topic(), message.lane(), message.key());
    Line mine = new Line();
    for (Line there = lines.putIfAbsent(place, mine);
        there != null;
        there = lines.putIfAbsent(place, mine)) {
      if (there.joined(send)) {
        return;
      }
      // It ended just now.
      lines.remove(place, there);
    }
    run(place, mine, send);
  }

  private void run(Place place, Line line, Supplier<CompletableFuture<?>> first) {
    for (Supplier<CompletableFuture<?>> next = first; next != null; next = line.next()) {
      CompletableFuture<?> sent = next.get();
      if (!sent.isDone()) {
        CompletableFuture<?> unused = sent.whenComplete((done, failure) -> goOn(place, line));
        return;
      }
    }
    lines.remove(place, line);
  }

  private void goOn(Place place, Line line) {
    Supplier<CompletableFuture<?>> next = line.next();
    if (next == null) {
      lines.remove(place, line);
    } else {
      run(place, line, next);
    }
  }

  /** How many lines there are now: none if nothing is under way. */
  int size() {
    return lines.size();
  }
}
