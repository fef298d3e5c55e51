// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer shows of open gaps, and the dismissals that its polling thread is to carry out.
 * Thread-safe.
 */
final class GapView {
  /** The most gaps that are shown: gaps before what is suspected, and those of long ago first. */
  static final int MAX_SHOWN = 1_000;

  /** The most dismissals that wait. */
  static final int MAX_ASKED = 1_000;

  private static final Shown NOTHING = new Shown(List.of(), 0, 0, Long.MAX_VALUE);

  private final Clock clock;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Shown shown = NOTHING;
  private volatile boolean closed;

  /** As one look saw it; {@code oldest} in milliseconds since 1970. */
  private record Shown(List<Gap> gaps, long suspects, long missing, long oldest) {}

  /**
   * A wish, and who waits for what becomes of it: answered elsewhere than on the polling thread,
   * where whoever waits would go on.
   */
  record Asked(Gap gap, String reason, CompletableFuture<Dismissal> answer) {
    void became(Dismissal what) {
      var unused = answer.completeAsync(() -> what);
    }

    void failed(RuntimeException failure) {
      var unused =
          answer.completeAsync(
              () -> {
                throw failure;
              });
    }
  }

  GapView(Clock clock) {
    this.clock = clock;
  }

  /** Shows this from now on. */
  void show(List<Gap> open) {
    long suspects = 0;
    long missing = 0;
    long oldest = Long.MAX_VALUE;
    for (Gap gap : open) {
      if (gap.state() == State.GAP) {
        missing += numbers(gap);
        oldest = Math.min(oldest, gap.since().toEpochMilli());
      } else {
        suspects += numbers(gap);
      }
    }
    List<Gap> first = List.copyOf(open.subList(0, Math.min(open.size(), MAX_SHOWN)));
    shown = new Shown(first, suspects, missing, oldest);
  }

  /** How many numbers a gap has: of its lane, or else of its keys. */
  static long numbers(Gap gap) {
    return gap.from() > 0
        ? gap.to() - gap.from() + 1
        : gap.keys().stream().mapToLong(GapView::numbers).sum();
  }

  private static long numbers(KeyNumbers key) {
    return key.to() - key.from() + 1;
  }

  List<Gap> gaps() {
    return shown.gaps;
  }

  double suspects() {
    return shown.suspects;
  }

  double missing() {
    return shown.missing;
  }

  /** How long the oldest gap has been missed; 0 without one. */
  double oldestSeconds() {
    long oldest = shown.oldest;
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
  }

  /** Asks the polling thread. */
  CompletableFuture<Dismissal> dismiss(Gap gap, String reason) {
    if (waiting.incrementAndGet() > MAX_ASKED) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new IllegalStateException(
              "Dismissing "
                  + gap
                  + ": "
                  + MAX_ASKED
                  + " dismissals wait for the polling thread already. Wait for those first"));
    }
    CompletableFuture<Dismissal> answer = new CompletableFuture<>();
    asked.add(new Asked(gap, reason, answer));
    if (closed) {
      close();
    }
    return answer;
  }

  /** The next wish; null if there is none. */
  @Nullable Asked next() {
    Asked next = asked.poll();
    if (next != null) {
      waiting.decrementAndGet();
    }
    return next;
  }

  /** Nothing is held any more. */
  void close() {
    closed = true;
    shown = NOTHING;
    for (Asked left = next(); left != null; left = next()) {
      left.became(Dismissal.NOT_HELD);
    }
  }
}
