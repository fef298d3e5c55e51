// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.LaneNumber;
import io.bowline.message.Watermark;
import io.bowline.producer.LaneMarks.Pace;
import java.util.concurrent.CompletableFuture;

/** Writes the watermarks of one lane among its messages, under the lane's lock. Thread-safe. */
final class LaneMarker {
  private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

  final Place place;
  private final LaneLock lock;
  private final LaneChain chain;
  private final HandOver out;
  private final LaneMarks marks = new LaneMarks();

  LaneMarker(Place place, LaneLock lock, LaneChain chain, HandOver out) {
    this.place = place;
    this.lock = lock;
    this.chain = chain;
    this.out = out;
  }

  /** Hands a watermark over, if one is due. */
  void mark(Pace pace) {
    lock.lock();
    try {
      LaneNumber number = chain.watermark();
      if (number != null && marks.begins(number, pace, out.nanos())) {
        var unused = give(number, pace, false);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hands the last one over, if the lane was used; completes once its end is known. */
  CompletableFuture<Void> markLast(Pace pace) {
    lock.lock();
    try {
      LaneNumber number = chain.watermark();
      return number == null ? NOTHING : give(number, pace, true);
    } finally {
      lock.unlock();
    }
  }

  /** The last number such that it and all before it are promised; 0 for none. */
  long promised() {
    lock.lock();
    try {
      LaneNumber number = chain.watermark();
      return number == null ? 0 : number.promised();
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<Void> give(LaneNumber number, Pace pace, boolean last) {
    return out.mark(
        place,
        source ->
            new Watermark(
                source.name(), source.epoch(), number, out.millis(), pace.withinMillis(), last),
        stored -> heard(number, stored));
  }

  private void heard(LaneNumber number, boolean stored) {
    lock.lock();
    try {
      if (stored) {
        marks.confirmed(number);
        chain.told(number);
      } else {
        marks.failed();
      }
    } finally {
      lock.unlock();
    }
  }
}
