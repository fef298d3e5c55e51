// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** States of chains as bytes, between processes of one test. */
final class ChainBytes {
  private ChainBytes() {}

  private interface Write<T> {
    void write(DataOutputStream out, T what) throws IOException;
  }

  private interface Read<T> {
    T read(DataInputStream in) throws IOException;
  }

  static void write(DataOutputStream out, List<ChainState> chains) throws IOException {
    list(out, chains, ChainBytes::chain);
  }

  static List<ChainState> read(DataInputStream in) throws IOException {
    return list(in, ChainBytes::chain);
  }

  private static <T> void list(DataOutputStream out, List<T> all, Write<T> write)
      throws IOException {
    out.writeInt(all.size());
    for (T each : all) {
      write.write(out, each);
    }
  }

  private static <T> List<T> list(DataInputStream in, Read<T> read) throws IOException {
    List<T> all = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      all.add(read.read(in));
    }
    return all;
  }

  private static void chain(DataOutputStream out, ChainState chain) throws IOException {
    out.writeUTF(chain.source());
    out.writeLong(chain.epoch());
    out.writeLong(chain.extent().base());
    out.writeLong(chain.extent().watermark());
    out.writeBoolean(chain.extent().firm());
    list(out, chain.window(), DataOutputStream::writeLong);
    list(out, chain.holes(), ChainBytes::range);
    list(out, chain.explained(), ChainBytes::range);
    list(out, chain.missing(), ChainBytes::absent);
    list(out, chain.counts().setAside(), ChainBytes::range);
    out.writeLong(chain.counts().duplicates());
  }

  private static ChainState chain(DataInputStream in) throws IOException {
    return new ChainState(
        in.readUTF(),
        in.readLong(),
        new Extent(in.readLong(), in.readLong(), in.readBoolean()),
        list(in, DataInputStream::readLong),
        list(in, ChainBytes::range),
        list(in, ChainBytes::range),
        list(in, ChainBytes::absent),
        new Counts(list(in, ChainBytes::range), in.readLong()));
  }

  private static void range(DataOutputStream out, Range range) throws IOException {
    out.writeLong(range.from());
    out.writeLong(range.to());
  }

  private static Range range(DataInputStream in) throws IOException {
    return new Range(in.readLong(), in.readLong());
  }

  private static void absent(DataOutputStream out, Absent range) throws IOException {
    out.writeLong(range.from());
    out.writeLong(range.to());
    out.writeLong(range.since());
    out.writeBoolean(range.promised());
    out.writeBoolean(range.told());
    list(
        out,
        range.keys(),
        (to, key) -> {
          to.writeUTF(key.key());
          to.writeLong(key.from());
          to.writeLong(key.to());
        });
  }

  private static Absent absent(DataInputStream in) throws IOException {
    return new Absent(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readBoolean(),
        list(in, from -> new KeyNumbers(from.readUTF(), from.readLong(), from.readLong())));
  }
}
