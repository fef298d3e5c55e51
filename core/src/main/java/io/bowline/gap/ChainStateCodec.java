// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of a chain as bytes, for stores: some 20 for a chain that misses nothing. A version,
 * then parts with name and length; a part that a reader does not know is passed over, so that
 * members of two versions may share a store. The bytes are described in {@code docs/stores.md}.
 * Pure.
 */
public final class ChainStateCodec {
  /** Another one only if a reader of this one would be misled. */
  static final int VERSION = 1;

  private static final int NAME = 1;
  private static final int EXTENT = 2;
  private static final int WINDOW = 3;
  private static final int HOLES = 4;
  private static final int EXPLAINED = 5;
  private static final int MISSING = 6;
  private static final int SET_ASIDE = 7;
  private static final int DUPLICATES = 8;

  private static final int FIRM = 1;

  private static final int PROMISED = 1;
  private static final int TOLD = 2;

  private ChainStateCodec() {}

  /** The bytes of a state. */
  public static byte[] write(ChainState state) {
    ByteWriter out = new ByteWriter();
    out.raw(VERSION);
    out.part(NAME, part -> writeName(part, state));
    out.part(EXTENT, part -> writeExtent(part, state.extent()));
    out.part(WINDOW, part -> state.window().forEach(part::number));
    out.part(HOLES, part -> part.ranges(state.holes()));
    out.part(EXPLAINED, part -> part.ranges(state.explained()));
    out.part(MISSING, part -> state.missing().forEach(absent -> writeAbsent(part, absent)));
    out.part(SET_ASIDE, part -> part.ranges(state.counts().setAside()));
    if (state.counts().duplicates() != 0) {
      out.part(DUPLICATES, part -> part.number(state.counts().duplicates()));
    }
    return out.bytes();
  }

  private static void writeName(ByteWriter out, ChainState state) {
    out.text(state.source());
    out.number(state.epoch());
  }

  private static void writeExtent(ByteWriter out, Extent extent) {
    out.number(extent.base());
    out.number(extent.watermark());
    out.number(extent.firm() ? FIRM : 0);
  }

  private static void writeAbsent(ByteWriter out, Absent absent) {
    out.number(absent.from());
    out.number(absent.to() - absent.from());
    out.number(absent.since());
    out.number((absent.promised() ? PROMISED : 0) | (absent.told() ? TOLD : 0));
    out.number(absent.keys().size());
    for (KeyNumbers key : absent.keys()) {
      out.text(key.key());
      out.number(key.from());
      out.number(key.to() - key.from());
    }
  }

  /**
   * The state of these bytes.
   *
   * @throws IllegalArgumentException if they are none, or were written by a later version that says
   *     that this one would be misled
   */
  public static ChainState read(byte[] bytes) {
    try {
      return new Fields(new ByteReader(bytes)).state();
    } catch (IllegalArgumentException damaged) {
      throw new IllegalArgumentException(
          "The state of a chain cannot be read from "
              + bytes.length
              + " bytes: "
              + damaged.getMessage(),
          damaged);
    }
  }

  /** What was read so far. */
  private static final class Fields {
    private String source = "";
    private long epoch;
    private Extent extent = new Extent(0, 0, false);
    private final List<Long> window = new ArrayList<>();
    private List<Range> holes = List.of();
    private List<Range> explained = List.of();
    private final List<Absent> missing = new ArrayList<>();
    private List<Range> setAside = List.of();
    private long duplicates;

    Fields(ByteReader in) {
      int version = in.raw();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "version " + version + ", but this Bowline knows " + VERSION + " only");
      }
      while (!in.atEnd()) {
        take(in.number(), in.part());
      }
      if (source.isEmpty()) {
        throw new IllegalArgumentException("it has no source");
      }
    }

    private void take(long name, ByteReader part) {
      switch ((int) Math.min(name, Integer.MAX_VALUE)) {
        case NAME -> {
          source = part.text();
          epoch = part.number();
        }
        case EXTENT -> extent = new Extent(part.number(), part.number(), part.number() == FIRM);
        case WINDOW -> {
          while (!part.atEnd()) {
            window.add(part.number());
          }
        }
        case HOLES -> holes = part.ranges();
        case EXPLAINED -> explained = part.ranges();
        case MISSING -> {
          while (!part.atEnd()) {
            missing.add(absent(part));
          }
        }
        case SET_ASIDE -> setAside = part.ranges();
        case DUPLICATES -> duplicates = part.number();
        default -> {} // of a later version
      }
    }

    private static Absent absent(ByteReader in) {
      long from = in.number();
      long to = from + in.number();
      long since = in.number();
      long marks = in.number();
      List<KeyNumbers> keys = new ArrayList<>();
      for (long left = in.number(); left > 0; left--) {
        String key = in.text();
        long first = in.number();
        keys.add(new KeyNumbers(key, first, first + in.number()));
      }
      return new Absent(from, to, since, (marks & PROMISED) != 0, (marks & TOLD) != 0, keys);
    }

    ChainState state() {
      Counts counts = new Counts(setAside, duplicates);
      return new ChainState(source, epoch, extent, window, holes, explained, missing, counts);
    }
  }
}
