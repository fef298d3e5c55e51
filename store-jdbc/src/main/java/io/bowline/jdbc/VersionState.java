// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

/**
 * What a version guard remembers of one key. Moments are milliseconds since 1970 by the database's
 * clock. Pure.
 *
 * @param epoch the greatest of those whose messages took effect
 * @param last the last number that took effect, or was passed over; 0 before the first
 * @param without numbers that were passed over, and beyond {@code last} those that will be: voided
 *     by the producer, or given up
 * @param waitsFirst the lowest number that came too early and waits; 0 if none does
 * @param waitsLast the highest
 * @param waitsSince since when the number behind {@code last} is waited for; 0 if it is not
 */
record VersionState(
    long epoch, long last, NumberRanges without, long waitsFirst, long waitsLast, long waitsSince) {

  static final VersionState NEW = new VersionState(0, 0, NumberRanges.NONE, 0, 0, 0);

  /** A number takes effect, or is passed over with all up to it; none between is waited for. */
  VersionState at(long number, long epochThen, NumberRanges skipped, long now) {
    boolean more = waitsLast > number;
    long first = waitsFirst > number ? waitsFirst : waitsLast;
    return new VersionState(
        Math.max(epoch, epochThen),
        number,
        skipped.bounded(number),
        more ? first : 0,
        more ? waitsLast : 0,
        more ? now : 0);
  }

  /** A number came too early. */
  VersionState waiting(long number, NumberRanges told, long now) {
    return new VersionState(
        epoch,
        last,
        told.bounded(last),
        waitsFirst == 0 ? number : Math.min(waitsFirst, number),
        Math.max(waitsLast, number),
        waitsSince == 0 ? now : waitsSince);
  }
}
