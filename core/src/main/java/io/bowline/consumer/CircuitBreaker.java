// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a consumer holds its messages back because what its handler depends on fails: after so many
 * failures in a row no handler is called any more, but one, now and then, to see whether it works
 * again. Immutable.
 *
 * @param failures how many calls in a row fail before, at least 1
 * @param first how long until the first message is tried, 1 s by default
 * @param longest the longest wait between tries; it doubles up to this, 1 min by default, and each
 *     is shortened at random by up to a fifth
 * @param on which failures count: of these classes, their subclasses, and what one of them caused;
 *     all if it is empty, as it is by default. What no further try can mend never counts.
 */
public record CircuitBreaker(
    int failures, Duration first, Duration longest, List<Class<? extends Throwable>> on) {
  /** The first wait where none is said: 1 s. */
  public static final Duration DEFAULT_FIRST = Duration.ofSeconds(1);

  /** The longest wait where none is said: 1 min. */
  public static final Duration DEFAULT_LONGEST = Duration.ofMinutes(1);

  /** No chain of causes is followed further, since it may be a ring. */
  private static final int DEEPEST = 16;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException unless {@code failures >= 1} and {@code 0 < first <= longest}
   */
  public CircuitBreaker {
    if (failures < 1) {
      throw new IllegalArgumentException("At least 1 failure is needed, but it was " + failures);
    }
    if (first.isNegative() || first.isZero() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "0 < first <= longest wait must hold, but it was " + first + " and " + longest);
    }
    on = List.copyOf(on);
  }

  /** After so many failures in a row, of any kind, with the default waits. */
  public static CircuitBreaker after(int failures) {
    return new CircuitBreaker(failures, DEFAULT_FIRST, DEFAULT_LONGEST, List.of());
  }

  /** The same with these waits. */
  public CircuitBreaker backoff(Duration first, Duration longest) {
    return new CircuitBreaker(failures, first, longest, on);
  }

  /** The same for this class of failures too, or for it only if it is the first one named. */
  public CircuitBreaker on(Class<? extends Throwable> type) {
    List<Class<? extends Throwable>> more = new ArrayList<>(on);
    more.add(type);
    return new CircuitBreaker(failures, first, longest, more);
  }

  /** Whether such a failure counts. */
  boolean counts(Throwable failure, FailureClasses failures) {
    if (failure instanceof ClaimBusy || failure instanceof OutOfTurn || failures.isFatal(failure)) {
      return false;
    }
    boolean counts = on.isEmpty();
    Throwable cause = failure;
    for (int depth = 0; !counts && cause != null && depth < DEEPEST; depth++) {
      counts = isOne(cause);
      cause = cause.getCause();
    }
    return counts;
  }

  private boolean isOne(Throwable cause) {
    return on.stream().anyMatch(type -> type.isInstance(cause));
  }
}
