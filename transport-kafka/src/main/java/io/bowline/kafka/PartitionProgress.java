// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which offset of one partition may be committed, during one assignment of it: the lowest that was
 * handed out and has not succeeded, or else the place where reading goes on. What merely was
 * fetched never counts. Pure; confined to the polling thread.
 */
final class PartitionProgress {
  private static final long NONE = -1;

  private final long epoch;

  private final OpenOffsets open = new OpenOffsets();

  /** All records below were handed out. Offsets have holes, so this is told rather than counted. */
  private long next = NONE;

  private long committed = NONE;
  private Optional<Integer> leaderEpoch = Optional.empty();

  /**
   * Begins an assignment.
   *
   * @param epoch distinguishes the assignments of the partition: deliveries of an earlier one are
   *     no longer ours
   */
  PartitionProgress(long epoch) {
    this.epoch = epoch;
  }

  long epoch() {
    return epoch;
  }

  /** A record goes to the caller, for the {@code attempt}-th time. */
  void handedOut(long offset, int attempt) {
    if (next == NONE) {
      // Reading began here, so there is nothing below to commit.
      committed = offset;
    }
    open.put(offset, attempt);
    next = Math.max(next, offset + 1);
  }

  /** No record lies between what was handed out and this offset: a hole, as compaction leaves. */
  void nothingBefore(long offset) {
    next = Math.max(next, offset);
  }

  /**
   * A record was processed.
   *
   * @return false, changing nothing, if it was handed out in another assignment or succeeded before
   */
  boolean succeeded(long epoch, long offset) {
    return epoch == this.epoch && open.remove(offset);
  }

  /** Whether a record handed out in this assignment waits to be settled. */
  boolean isOpen(long epoch, long offset) {
    return epoch == this.epoch && open.contains(offset);
  }

  /** The offset to commit; empty if it would bring nothing new. Never falls. */
  OptionalLong committable() {
    long reached = reached();
    return reached > committed ? OptionalLong.of(reached) : OptionalLong.empty();
  }

  /** This offset is with the broker. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }

  /** How many offsets lie between the committable one and the last handed out. */
  long span() {
    return next == NONE ? 0 : next - reached();
  }

  /** The epoch of the leader that the last of them was read from, if known. */
  Optional<Integer> leaderEpoch() {
    return leaderEpoch;
  }

  /** They are read from this epoch of the leader; an unknown one changes nothing. */
  void readFrom(Optional<Integer> leaderEpoch) {
    if (leaderEpoch.isPresent()) {
      this.leaderEpoch = leaderEpoch;
    }
  }

  /** The open offsets, each with its last attempt. */
  Map<Long, Integer> open() {
    return open.all();
  }

  /** The lowest offset that is not known to have succeeded; negative if nothing was read. */
  long reached() {
    return open.isEmpty() ? next : open.first();
  }
}
