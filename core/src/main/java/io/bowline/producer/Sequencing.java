// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.SteadyClock;
import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where messages get the numbers of their keys from a store, and come to their lanes in that order:
 * from the drawing until they are there, no other message of these keys is drawn for. Thread-safe.
 */
final class Sequencing {
  /** So many locks: two keys that share one wait for each other's drawing, and for nothing else. */
  private static final int STRIPES = 1_024;

  private static final String BUSY = "other messages of its key were waiting for their numbers";
  private static final String NONE_DRAWN = "no number of its key could be drawn";
  private static final String INTERRUPTED =
      "its thread was interrupted before a number of its key was drawn";

  private final KeySequences sequences;
  private final String source;
  private final Entrance entrance;
  private final Rejecting rejecting;
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  /** Ends a message that was not handed over. */
  interface Rejecting {
    void reject(PendingSend send, String why, @Nullable Throwable cause);
  }

  Sequencing(KeySequences sequences, String source, Entrance entrance, Rejecting rejecting) {
    this.sequences = sequences;
    this.source = source;
    this.entrance = entrance;
    this.rejecting = rejecting;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /**
   * Takes messages to their lanes, which they know already: all of them, or none, since a key must
   * have no hole.
   *
   * @param start from when on the caller waits
   */
  boolean offer(List<PendingSend> sends, long start) {
    BitSet held = new BitSet();
    try {
      boolean mine = lock(stripesOf(sends), held, start);
      boolean numbered = mine ? number(sends, start) : reject(sends, BUSY, null);
      if (numbered) {
        sends.forEach(send -> Objects.requireNonNull(send.lane).offer(send));
      }
      return numbered;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return reject(sends, INTERRUPTED, null);
    } finally {
      held.stream().forEach(stripe -> stripes[stripe].unlock());
    }
  }

  private static BitSet stripesOf(List<PendingSend> sends) {
    BitSet needed = new BitSet();
    for (PendingSend send : sends) {
      if (send.key != null) {
        needed.set(
            Math.floorMod(31 * send.message.topic().hashCode() + send.key.hashCode(), STRIPES));
      }
    }
    return needed;
  }

  /** Ascending, so that two batches never wait for each other; false if that took too long. */
  private boolean lock(BitSet needed, BitSet held, long start) throws InterruptedException {
    for (int stripe = needed.nextSetBit(0); stripe >= 0; stripe = needed.nextSetBit(stripe + 1)) {
      long left = SteadyClock.nanos(entrance.left(start));
      if (!stripes[stripe].tryLock() && !stripes[stripe].tryLock(left, TimeUnit.NANOSECONDS)) {
        return false;
      }
      held.set(stripe);
    }
    return true;
  }

  private boolean number(List<PendingSend> sends, long start) {
    List<PendingSend> keyed = new ArrayList<>(sends.size());
    List<SequenceKey> keys = new ArrayList<>(sends.size());
    for (PendingSend send : sends) {
      if (send.key != null) {
        keyed.add(send);
        keys.add(new SequenceKey(send.message.topic(), send.key));
      }
    }
    try {
      List<Long> numbers =
          keys.isEmpty() ? List.of() : sequences.next(source, keys, entrance.left(start));
      checked(numbers, keys.size());
      boolean again = !numbers.isEmpty() && sequences.again();
      for (int i = 0; i < numbers.size(); i++) {
        keyed.get(i).number = numbers.get(i);
        keyed.get(i).again = again;
      }
      return true;
    } catch (RuntimeException failed) {
      return reject(sends, NONE_DRAWN, failed);
    }
  }

  private static void checked(List<Long> numbers, int count) {
    if (numbers.size() != count || numbers.stream().anyMatch(number -> number < 1)) {
      throw new IllegalStateException(
          "a store of key sequences answered "
              + numbers
              + " when asked for "
              + count
              + " numbers from 1 on");
    }
  }

  private boolean reject(List<PendingSend> sends, String why, @Nullable Throwable cause) {
    sends.forEach(send -> rejecting.reject(send, why, cause));
    return false;
  }
}
