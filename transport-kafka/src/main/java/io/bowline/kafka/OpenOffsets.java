// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Offsets of one partition that were handed out and have not succeeded, each with the attempt that
 * was last handed out. A ring in the order of offsets: what is looked for mostly lies where it
 * would without holes in the log, so that a message costs no search and no object. Pure; confined
 * to one thread.
 */
final class OpenOffsets {
  private static final int SMALL = 16;

  /** What an empty ring keeps at most. */
  private static final int KEPT = 4_096;

  /** An attempt that stands for what is not open. */
  private static final int NONE = 0;

  private long[] offsets = new long[SMALL];
  private int[] attempts = new int[SMALL];
  private int head;
  private int count;

  /** Whether none is open. */
  boolean isEmpty() {
    return count == 0; // there is never one at the head that is not open
  }

  /** The lowest. */
  long first() {
    return offsets[head];
  }

  /** This offset is open, at this attempt, counted from 1. */
  void put(long offset, int attempt) {
    int at = search(offset);
    if (at < 0) {
      at = -at - 1;
      insert(at, offset);
    }
    attempts[slot(at)] = attempt;
  }

  /** Whether it is open. */
  boolean contains(long offset) {
    int at = search(offset);
    return at >= 0 && attempts[slot(at)] != NONE;
  }

  /** It is open no more; false if it was not. */
  boolean remove(long offset) {
    int at = search(offset);
    if (at < 0 || attempts[slot(at)] == NONE) {
      return false;
    }
    attempts[slot(at)] = NONE;
    while (count > 0 && attempts[head] == NONE) {
      head = slot(1);
      count--;
    }
    if (count == 0 && offsets.length > KEPT) {
      resize(SMALL);
    }
    return true;
  }

  /** All of them, with their attempts. */
  Map<Long, Integer> all() {
    Map<Long, Integer> all = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      if (attempts[slot(i)] != NONE) {
        all.put(offsets[slot(i)], attempts[slot(i)]);
      }
    }
    return all;
  }

  private int slot(int place) {
    return (head + place) & (offsets.length - 1);
  }

  /** Its place; or, where it is not there, the one it would have, as {@link Arrays} tells it. */
  private int search(long offset) {
    if (count == 0) {
      return -1;
    }
    long guess = offset - offsets[head];
    if (guess >= 0 && guess < count && offsets[slot((int) guess)] == offset) {
      return (int) guess;
    }
    if (offset > offsets[slot(count - 1)]) {
      return -count - 1;
    }
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long seen = offsets[slot(middle)];
      if (seen == offset) {
        return middle;
      }
      if (seen < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private void insert(int at, long offset) {
    if (count == offsets.length) {
      resize(2 * count);
    }
    for (int i = count; i > at; i--) { // nothing moves where offsets come in their order
      offsets[slot(i)] = offsets[slot(i - 1)];
      attempts[slot(i)] = attempts[slot(i - 1)];
    }
    offsets[slot(at)] = offset;
    count++;
  }

  private void resize(int size) {
    long[] oldOffsets = offsets;
    int[] oldAttempts = attempts;
    long[] largerOffsets = new long[size];
    int[] largerAttempts = new int[size];
    for (int i = 0; i < count; i++) {
      largerOffsets[i] = oldOffsets[slot(i)];
      largerAttempts[i] = oldAttempts[slot(i)];
    }
    offsets = largerOffsets;
    attempts = largerAttempts;
    head = 0;
  }
}
