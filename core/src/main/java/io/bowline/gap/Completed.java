// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/**
 * Which numbers of a chain were completed: a watermark up to which all were, or are explained, a
 * window of bits above it, and, where the window was too small, holes below it. Whether a number is
 * completed is never answered by the watermark alone: what is explained was not. Pure.
 */
final class Completed {
  /** How far above the watermark single numbers are remembered. */
  static final int WINDOW = 1_024;

  private static final int WORDS = WINDOW / Long.SIZE;

  private static final long[] NONE = {};

  /** Empty until something is completed ahead of something else. */
  private long[] bits = NONE;

  private final Spans holes = new Spans();

  /** Those of them that were not processed, but set aside. */
  private final Spans setAside = new Spans();

  private long watermark;
  private long highest;

  /** Nothing up to this number is asked for. */
  Completed(long watermark) {
    this.watermark = watermark;
    highest = watermark;
  }

  /** As it was saved. */
  Completed(ChainState saved) {
    watermark = saved.extent().watermark();
    highest = watermark;
    saved.holes().forEach(hole -> holes.add(hole.from(), hole.to()));
    saved.counts().setAside().forEach(range -> setAside.add(range.from(), range.to()));
    for (int i = 0; i < saved.window().size() * Long.SIZE; i++) {
      if (((saved.window().get(i / Long.SIZE) >>> i) & 1) != 0) {
        set(watermark + 1 + i);
        highest = watermark + 1 + i;
      }
    }
  }

  /**
   * A message is done.
   *
   * @param explained numbers that the watermark passes although they are not completed
   */
  void add(long number, Spans explained) {
    highest = Math.max(highest, number);
    if (number <= watermark) {
      holes.remove(number, number);
      return;
    }
    if (number == watermark + 1 && bits.length == 0) {
      watermark = number;
      advance(explained);
      return;
    }
    if (number > watermark + WINDOW) {
      slide(number - WINDOW);
    }
    set(number);
    advance(explained);
  }

  /** Moves the watermark to this number; what was not completed on the way is a hole. */
  private void slide(long to) {
    for (int i = 0; i < WINDOW && watermark < to; i++) {
      if (!isSet(watermark + 1)) {
        holes.add(watermark + 1, watermark + 1);
      }
      step();
    }
    if (watermark < to) { // further than the window is wide: it is empty now
      holes.add(watermark + 1, to);
      watermark = to;
    }
  }

  /** Moves the watermark over what is completed or explained. */
  void advance(Spans explained) {
    while (true) {
      if (isSet(watermark + 1)) {
        step();
      } else if (watermark < highest && explained.contains(watermark + 1)) {
        step();
      } else {
        return;
      }
    }
  }

  private void step() {
    watermark++;
    if (bits.length > 0) {
      bits[word(watermark)] &= ~(1L << watermark);
    }
  }

  /** Whether this number was completed, given what only looks so. */
  boolean contains(long number, Spans explained) {
    return number <= watermark
        ? !holes.contains(number) && !explained.contains(number)
        : number <= watermark + WINDOW && isSet(number);
  }

  private void set(long number) {
    bits = bits.length == 0 ? new long[WORDS] : bits;
    bits[word(number)] |= 1L << number;
  }

  /** Whether a number above the watermark, within the window, is completed. */
  boolean isSet(long number) {
    return bits.length > 0 && (bits[word(number)] & (1L << number)) != 0;
  }

  private static int word(long number) {
    return (int) (number >>> 6) & (WORDS - 1);
  }

  /** A message that was set aside is done. */
  void setAside(long number) {
    setAside.add(number, number);
    if (setAside.count() > Done.MAX_SPANS) {
      var unused = setAside.removeFirst();
    }
  }

  Spans setAside() {
    return setAside;
  }

  long watermark() {
    return watermark;
  }

  /** The highest completed number, or the watermark at the beginning. */
  long highest() {
    return highest;
  }

  Spans holes() {
    return holes;
  }

  /**
   * The bits above the watermark, 64 a word, the lowest first; without what is empty at the end.
   */
  long[] window() {
    int length = (int) Math.min(WINDOW, highest - watermark);
    long[] words = new long[Math.max(0, (length + Long.SIZE - 1) / Long.SIZE)];
    for (int i = 0; i < length; i++) {
      if (isSet(watermark + 1 + i)) {
        words[i / Long.SIZE] |= 1L << i;
      }
    }
    return words;
  }
}
