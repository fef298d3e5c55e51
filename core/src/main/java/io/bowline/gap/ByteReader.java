// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a {@link ByteWriter} wrote; an IllegalArgumentException says that it is not that.
 * Pure.
 */
final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ByteReader(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  boolean atEnd() {
    return at == end;
  }

  int raw() {
    if (at == end) {
      throw new IllegalArgumentException("it ends at byte " + end + ", in the midst of something");
    }
    return bytes[at++];
  }

  long number() {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int one = raw();
      number |= (one & 0x7FL) << shift;
      if (one >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number at byte " + at + " is too long");
  }

  /** The next so many bytes, which are a length that stands before them. */
  ByteReader part() {
    long length = number();
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException(
          "a part of " + length + " bytes begins at byte " + at + " of " + end);
    }
    ByteReader part = new ByteReader(bytes, at, at + (int) length);
    at = part.end;
    return part;
  }

  String text() {
    ByteReader text = part();
    return new String(bytes, text.at, text.end - text.at, UTF_8);
  }

  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    long last = 0;
    while (!atEnd()) {
      long from = last + number();
      last = from + number();
      ranges.add(new Range(from, last));
    }
    return ranges;
  }
}
