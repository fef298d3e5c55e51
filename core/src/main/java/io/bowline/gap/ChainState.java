// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.util.List;

/**
 * What a group has completed of one chain, as a {@link GapStore} keeps it. Immutable. A number at
 * most the watermark is completed unless it is below the base, or in {@code holes}, {@code
 * explained} or {@code missing}; one above it if its bit is set.
 *
 * @param source the producer's stable name
 * @param epoch the producer's incarnation
 * @param extent from where to where all is completed, but for the exceptions
 * @param window a bit for each number above the watermark, 64 in a word, the lowest first
 * @param holes numbers up to the watermark that were not completed yet
 * @param explained numbers that will not be missed, and were not completed: voided or dismissed
 * @param missing what had not arrived although a later number had
 * @param counts what became of them otherwise, for reports
 */
public record ChainState(
    String source,
    long epoch,
    Extent extent,
    List<Long> window,
    List<Range> holes,
    List<Range> explained,
    List<Absent> missing,
    Counts counts) {

  /**
   * What no decision depends on.
   *
   * @param setAside numbers that are completed by their dead letter, or were shed: of more than
   *     1,024 ranges the highest are kept
   * @param duplicates arrivals of numbers that had arrived before
   */
  public record Counts(List<Range> setAside, long duplicates) {
    /** Nothing set aside, no duplicates. */
    public static final Counts NONE = new Counts(List.of(), 0);

    /** Makes the list unmodifiable. */
    public Counts {
      setAside = List.copyOf(setAside);
    }
  }

  /**
   * From where to where.
   *
   * @param base nothing is known of numbers below it
   * @param watermark all from the base to it are completed, but for the exceptions
   * @param firm whether the base is sure; if not, a jump is a new beginning and no loss
   */
  public record Extent(long base, long watermark, boolean firm) {}

  /**
   * Numbers that had not arrived.
   *
   * @param from the first
   * @param to the last
   * @param since when a later number arrived, in milliseconds since 1970
   * @param promised whether an arrival said that they were stored ahead of it
   * @param told whether it is a gap that was told
   * @param keys as in {@link Gap}
   */
  public record Absent(
      long from, long to, long since, boolean promised, boolean told, List<KeyNumbers> keys) {
    /** Makes the list unmodifiable. */
    public Absent {
      keys = List.copyOf(keys);
    }
  }

  /** Makes the lists unmodifiable. */
  public ChainState {
    window = List.copyOf(window);
    holes = List.copyOf(holes);
    explained = List.copyOf(explained);
    missing = List.copyOf(missing);
  }
}
