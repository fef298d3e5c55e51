// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

/**
 * Whether a backlog is high, look by look: it rises and falls at the two thresholds of its {@link
 * BacklogPolicy}, and stays as it is between them and while nothing is known. Pure; not
 * thread-safe.
 */
public final class BacklogLevel {
  /** How many looks in a row may learn nothing until nobody may rely on the level: 3. */
  public static final int MOST_UNKNOWN = 3;

  private final BacklogPolicy policy;
  private boolean high;
  private int unknown;

  /** What a look changed. */
  public enum Change {
    /** Nothing. */
    NONE,
    /** It is high now. */
    ROSE,
    /** It is low again. */
    FELL
  }

  /** At first it is low. */
  public BacklogLevel(BacklogPolicy policy) {
    this.policy = policy;
  }

  /** One look more. */
  public Change next(BacklogView view) {
    if (!view.isKnown()) {
      unknown = Math.min(unknown + 1, MOST_UNKNOWN);
      return Change.NONE;
    }
    unknown = 0;
    boolean turns = high ? policy.isLow(view) : policy.isHigh(view);
    if (!turns) {
      return Change.NONE;
    }
    high = !high;
    return high ? Change.ROSE : Change.FELL;
  }

  /** Whether it is high. */
  public boolean isHigh() {
    return high;
  }

  /** Whether it is high, by a look that is not too long ago to act on. */
  public boolean isSurelyHigh() {
    return high && unknown < MOST_UNKNOWN;
  }
}
