// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.util.List;

/**
 * What became of what one source sent.
 *
 * @param source the producer's stable name
 * @param sent how many messages it sent: numbers that were promised in the time, but for voided
 *     ones
 * @param counts what the group did with them
 * @param missing which did not arrive although they should have, by chain
 */
public record SourceReport(String source, long sent, Counts counts, List<Missing> missing) {

  /** Makes the list unmodifiable. */
  public SourceReport {
    missing = List.copyOf(missing);
  }

  /**
   * What a group did with messages. All but the duplicates add up to what was sent.
   *
   * @param completed processed
   * @param deadLettered done by their dead letter, or shed
   * @param missing did not arrive although they should have
   * @param open not completed yet, and not missing: they wait at the broker, or are at work
   * @param unverified from before the group's first contact with their chain: not known
   * @param duplicates messages that arrived once more, over the whole life of the chains
   */
  public record Counts(
      long completed,
      long deadLettered,
      long missing,
      long open,
      long unverified,
      long duplicates) {
    static Counts of(ChainAccount account) {
      return new Counts(
          account.processed().count(),
          account.setAside().count(),
          account.missing().count(),
          account.open().count(),
          account.unverified().count(),
          account.duplicates());
    }

    Counts plus(Counts other) {
      return new Counts(
          completed + other.completed,
          deadLettered + other.deadLettered,
          missing + other.missing,
          open + other.open,
          unverified + other.unverified,
          duplicates + other.duplicates);
    }
  }

  /**
   * Missing numbers of one chain.
   *
   * @param lane the lane
   * @param epoch the producer's incarnation
   * @param numbers which, ascending
   * @param keys the keys that miss numbers, as far as they are known
   */
  public record Missing(int lane, long epoch, List<Range> numbers, List<KeyNumbers> keys) {
    /** Makes the lists unmodifiable. */
    public Missing {
      numbers = List.copyOf(numbers);
      keys = List.copyOf(keys);
    }
  }
}
