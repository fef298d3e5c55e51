// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a replay did. Immutable.
 *
 * @param dryRun whether it only looked: then the counts say what would have been
 * @param counts how many dead letters had each fate; without those that none had
 * @param entries the first {@value #MOST_ENTRIES} by name, without those that were not selected or
 *     are another group's
 * @param comesAgain how many were dealt with on lanes that were lost before it could be
 *     acknowledged: the next replay sees them again
 * @param end why it ended
 * @param trouble what went wrong, if it ended for that; else null
 */
public record ReplayReport(
    boolean dryRun,
    Map<Fate, Long> counts,
    List<Entry> entries,
    long comesAgain,
    End end,
    @Nullable String trouble) {
  /** The most dead letters that a report names: 1,000. */
  public static final int MOST_ENTRIES = 1_000;

  /** Keeps copies. */
  public ReplayReport {
    counts = Map.copyOf(counts);
    entries = List.copyOf(entries);
  }

  /** What became of a dead letter. All but the first and the last stay among the dead letters. */
  public enum Fate {
    /** Its copy was confirmed by the topic from which it came. */
    REPLAYED,
    /** It was not asked for. */
    NOT_SELECTED,
    /** It was replayed as often as is allowed: see {@link ReplayBuilder#maxReplays}. */
    REPLAYED_TOO_OFTEN,
    /** It does not say from which topic it came, or names the topic of the dead letters. */
    NO_ORIGIN,
    /** Its topic refused it, for its size for example, or does not exist any more. */
    REFUSED,
    /** An earlier one of its key was refused, and it must not overtake that. */
    KEY_WAITS,
    /** It is the dead letter of another group, whose own replay reads it. */
    OTHER_GROUP
  }

  /** Why a replay ended. */
  public enum End {
    /** It has seen what was there. */
    DONE,
    /** As many as were asked for. */
    LIMIT,
    /** Its time was over. */
    TIMEOUT,
    /** Something failed: see {@link ReplayReport#trouble}. What was not dealt with is untouched. */
    TROUBLE
  }

  /**
   * A dead letter and its fate.
   *
   * @param id the message id
   * @param topic where it came from, and is replayed to; empty if it does not say
   */
  public record Entry(String id, Optional<String> topic, Fate fate) {}

  /** How many had this fate. */
  public long count(Fate fate) {
    return counts.getOrDefault(fate, 0L);
  }

  /** How many were replayed, or would have been. */
  public long replayed() {
    return count(Fate.REPLAYED);
  }
}
