// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainStateCodecTest {

  private static final ChainState PLAIN =
      new ChainState(
          "shop",
          0x19aa3c5e8d01f2L,
          new Extent(1, 4_095, true),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Counts.NONE);

  private static final ChainState RICH =
      new ChainState(
          "trade-\u00e4",
          7,
          new Extent(3, 300, false),
          List.of(5L, Long.MIN_VALUE),
          List.of(new Range(4, 4), new Range(200, 210)),
          List.of(new Range(20, 29)),
          List.of(
              new Absent(
                  305, 306, 1_700_000_000_000L, true, true, List.of(new KeyNumbers("k", 5, 6))),
              new Absent(310, 310, 1_700_000_000_001L, false, false, List.of())),
          new Counts(List.of(new Range(17, 18)), 9));

  /** These bytes are in users' databases: what changes them says so in docs/decisions. */
  @Test
  void theBytesAreThoseThatWereWrittenBefore() {
    assertEquals("01010d0473686f70f283b4f4c5c7ea0c020401ff1f01", hex(PLAIN));
    assertEquals(
        "01"
            + "010a0874726164652dc3a407" // trade-\u00e4, 7
            + "020403ac0200" // 3, 300, not sure
            + "030b0580808080808080808001"
            + "04050400c4010a" // 4..4, 200..210
            + "05021409" // 20..29
            + "061ab1020180d095ffbc310301016b0501b6020081d095ffbc310000" // 305..306, 310
            + "07021101" // 17..18
            + "080109",
        hex(RICH));
  }

  private static String hex(ChainState state) {
    return HexFormat.of().formatHex(ChainStateCodec.write(state));
  }

  @Test
  void whatIsWrittenIsRead() {
    assertEquals(PLAIN, ChainStateCodec.read(ChainStateCodec.write(PLAIN)));
    assertEquals(RICH, ChainStateCodec.read(ChainStateCodec.write(RICH)));
  }

  @Test
  void anyNumbersAreReadAsTheyWereWritten() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      long from = 1 + (random.nextLong() >>> (1 + random.nextInt(62)));
      Range range = new Range(from, Math.max(from, from + random.nextInt(100)));
      List<Long> window = new ArrayList<>(List.of(random.nextLong(), random.nextLong() >>> 9));
      Extent extent = new Extent(random.nextLong(), random.nextLong(), random.nextBoolean());
      ChainState state =
          new ChainState(
              "s" + i,
              random.nextLong(),
              extent,
              window,
              List.of(range),
              List.of(),
              List.of(),
              new Counts(List.of(range), random.nextLong()));
      assertEquals(state, ChainStateCodec.read(ChainStateCodec.write(state)));
    }
  }

  @Test
  void aPartOfALaterVersionIsPassedOver() {
    byte[] bytes = ChainStateCodec.write(RICH);
    byte[] later = Arrays.copyOf(bytes, bytes.length + 5);
    later[bytes.length] = 99;
    later[bytes.length + 1] = 3;
    assertEquals(RICH, ChainStateCodec.read(later));
  }

  @Test
  void aLaterVersionThatWouldMisleadIsRefused() {
    byte[] bytes = ChainStateCodec.write(PLAIN);
    bytes[0] = 2;
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> ChainStateCodec.read(bytes))
                .getMessage());
    assertTrue(said.contains("version 2"), said);
  }

  @Test
  void whatIsCutOffIsRefused() {
    byte[] bytes = ChainStateCodec.write(RICH);
    int refused = 0;
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      try {
        assertTrue(!RICH.equals(ChainStateCodec.read(part)));
      } catch (IllegalArgumentException told) {
        refused++;
      }
    }
    assertTrue(refused > bytes.length * 3 / 4, "refused " + refused + " of " + bytes.length);
  }

  @Test
  void aChainThatMissesNothingIsSmall() {
    assertTrue(ChainStateCodec.write(PLAIN).length <= 28);
  }
}
