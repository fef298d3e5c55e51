// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * Whether a handler may begin now: not while paused or while the circuit is open, and no faster
 * than the limit. Pure; not thread-safe.
 */
final class Admission {
  /** The wait that ends only when something else happens. */
  static final long UNTIL_TOLD = Long.MAX_VALUE;

  private final @Nullable TokenBucket limit;
  private final @Nullable Circuit circuit;
  private boolean paused;

  /** What becomes of one that wants to begin. */
  enum Answer {
    BEGIN,
    /** Begin; how it ends decides whether others may. */
    PROBE,
    WAIT
  }

  Admission(@Nullable TokenBucket limit, @Nullable Circuit circuit) {
    this.limit = limit;
    this.circuit = circuit;
  }

  /** Whether all may begin, and need not ask. */
  boolean isFree() {
    return !paused && limit == null && (circuit == null || circuit.isClosed());
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  /** How long until one may begin, in nanoseconds; 0 if now. */
  long untilNext(long now) {
    if (paused) {
      return UNTIL_TOLD;
    }
    long byLimit = limit == null ? 0 : limit.untilNext(now);
    long byCircuit = circuit == null ? 0 : circuit.untilNext(now);
    return Math.max(byLimit, byCircuit);
  }

  /** One wants to begin; it is counted if it may. */
  Answer ask(long now) {
    if (untilNext(now) > 0) {
      return Answer.WAIT;
    }
    if (limit != null) {
      limit.take(now);
    }
    return circuit != null && circuit.begin() ? Answer.PROBE : Answer.BEGIN;
  }
}
