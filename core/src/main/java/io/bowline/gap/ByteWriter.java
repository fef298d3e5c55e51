// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.LaneNumber.Range;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Writes numbers and texts in few bytes. Pure. */
final class ByteWriter {
  private byte[] bytes = new byte[64];
  private int size;

  void raw(int one) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) one;
  }

  /** Seven bits a byte, the lowest first; all but the last byte have the highest bit. */
  void number(long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      raw((int) rest | 0x80);
      rest >>>= 7;
    }
    raw((int) rest);
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    number(utf8.length);
    all(utf8);
  }

  private void all(byte[] more) {
    for (byte one : more) {
      raw(one);
    }
  }

  /** Each as its distance from the last one's end, and how many numbers follow its first. */
  void ranges(List<Range> ranges) {
    long last = 0;
    for (Range range : ranges) {
      number(range.from() - last);
      number(range.to() - range.from());
      last = range.to();
    }
  }

  /** A part that a reader who does not know it can pass over; an empty one is left out. */
  void part(int name, Consumer<ByteWriter> content) {
    ByteWriter part = new ByteWriter();
    content.accept(part);
    if (part.size > 0) {
      number(name);
      number(part.size);
      all(part.bytes());
    }
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
