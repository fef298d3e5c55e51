// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what the broker has, of all lanes together: what is confirmed while one transaction
 * runs goes with the next, so that few messages of many lanes are not as many transactions.
 * Thread-safe.
 */
final class FinishedTogether {
  private final OutboxStore store;
  private final Executor threads;
  private final Queue<Part> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger signals = new AtomicInteger();

  FinishedTogether(OutboxStore store, Executor threads) {
    this.store = store;
    this.threads = threads;
  }

  /** What a lane has; of one lane one part is under way at a time. */
  record Part(LaneLease lease, List<Long> ids, Listener listener) {}

  /** Is told how it ended. */
  @FunctionalInterface
  interface Listener {
    /**
     * It ended.
     *
     * @param held whether the lane is still this relay's: if not, nothing was taken away
     * @param failure of the store: nobody knows whether it was taken away; null for none
     */
    void ended(boolean held, @Nullable Throwable failure);
  }

  void add(Part part) {
    waiting.add(part);
    if (signals.getAndIncrement() == 0) {
      threads.execute(this::run);
    }
  }

  private void run() {
    int seen = signals.get();
    List<Part> parts = new ArrayList<>();
    for (Part part = waiting.poll(); part != null; part = waiting.poll()) {
      parts.add(part);
    }
    finish(parts);
    if (!signals.compareAndSet(seen, 0)) {
      signals.set(1);
      threads.execute(this::run);
    }
  }

  private void finish(List<Part> parts) {
    Map<LaneLease, List<Long>> all = new HashMap<>();
    parts.forEach(part -> all.put(part.lease, part.ids));
    try {
      Set<LaneLease> lost = all.isEmpty() ? Set.of() : store.finishAll(all);
      parts.forEach(part -> part.listener.ended(!lost.contains(part.lease), null));
    } catch (RuntimeException | Error failure) {
      parts.forEach(part -> part.listener.ended(true, failure));
    }
  }
}
