// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** What so many handlers can do at most on this machine: they take their messages from nowhere. */
final class Ceiling implements Reader {
  private final List<CompletableFuture<Void>> handlers = new ArrayList<>();

  private Ceiling() {}

  static Opener opener(int handlers) {
    return task -> {
      Ceiling ceiling = new Ceiling();
      AtomicLong left = new AtomicLong(task.messages);
      for (int i = 0; i < handlers; i++) {
        ceiling.handlers.add(
            CompletableFuture.runAsync(
                () -> handle(task, left), work -> new Thread(work, "ceiling").start()));
      }
      return ceiling;
    };
  }

  private static void handle(Task task, AtomicLong left) {
    while (left.getAndDecrement() > 0) {
      task.handle();
    }
  }

  @Override
  public void close() {
    handlers.forEach(CompletableFuture::join);
  }
}
