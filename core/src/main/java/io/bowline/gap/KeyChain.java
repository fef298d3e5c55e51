// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.Stamp.KeyNumber;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The numbers of one key of one producer's incarnation: what came, and what is missing. Pure. */
final class KeyChain {
  /** The most missing ranges one chain remembers; more are reported at once. */
  static final int MAX_OPEN_RANGES = 64;

  private final List<MissingRange> open = new ArrayList<>(0);
  private long expected;

  /** Numbers that are missing since a moment, reported or still given time to come late. */
  record MissingRange(long from, long to, Instant since, boolean reported) {
    MissingRange asReported() {
      return new MissingRange(from, to, since, true);
    }
  }

  /** First contact: nothing before this number is asked for. */
  KeyChain(KeyNumber first) {
    expected = first.sequence() + 1;
  }

  void arrived(KeyNumber number, Instant now) {
    long sequence = number.sequence();
    if (sequence > expected && !number.first()) {
      open.add(new MissingRange(expected, sequence - 1, now, false));
    }
    explain(sequence, sequence);
    explain(number.firstVoided(), number.lastVoided());
    expected = Math.max(expected, sequence + 1);
  }

  /** These numbers came, or will never come: they are missing no more. */
  private void explain(long from, long to) {
    for (int i = open.size() - 1; i >= 0; i--) {
      MissingRange range = open.get(i);
      if (range.to < from || range.from > to) {
        continue;
      }
      open.remove(i);
      if (to < range.to) {
        open.add(i, new MissingRange(to + 1, range.to, range.since, range.reported));
      }
      if (range.from < from) {
        open.add(i, new MissingRange(range.from, from - 1, range.since, range.reported));
      }
    }
  }

  /** What is to be reported now: missing since before this moment, or too much to remember. */
  List<MissingRange> due(Instant before) {
    List<MissingRange> due = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      MissingRange range = open.get(i);
      boolean crowded = i < open.size() - MAX_OPEN_RANGES;
      if (!range.reported && (crowded || !range.since.isAfter(before))) {
        due.add(range);
        open.set(i, range.asReported());
      }
    }
    while (open.size() > MAX_OPEN_RANGES) {
      open.remove(0);
    }
    return due;
  }

  boolean waiting() {
    for (int i = 0; i < open.size(); i++) { // no stream: this is asked at each arrival
      if (!open.get(i).reported) {
        return true;
      }
    }
    return false;
  }
}
