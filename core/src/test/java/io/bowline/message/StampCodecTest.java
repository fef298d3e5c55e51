// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Stamp.KeyNumber;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are golden: a change of them needs a page in docs/decisions. */
class StampCodecTest {
  private static final String ID = "018f2b7c-7d3e-7a10-8f00-2f6d1a9c4b11";

  private static void golden(String text, Stamp stamp) {
    assertEquals(text, StampCodec.write(stamp));
    assertEquals(Optional.of(stamp), StampCodec.read(text));
  }

  @Test
  void aMessageWithoutKeyHasNoNumber() {
    golden(
        "1;i=018f2b7c-7d3e-7a10-8f00-2f6d1a9c4b11;s=trade-service;e=19aa3c5e8d01f2",
        new Stamp(ID, "trade-service", 0x19aa3c5e8d01f2L, null));
  }

  @Test
  void aNumberIsWritten() {
    golden("1;i=a;s=b;e=0;k=17", new Stamp("a", "b", 0, new KeyNumber(17, 0, false)));
  }

  @Test
  void voidedNumbersAndAFirstOneAreWritten() {
    golden("1;i=a;s=b;e=ff;k=17;v=2", new Stamp("a", "b", 255, new KeyNumber(17, 2, false)));
    golden("1;i=a;s=b;e=ff;k=1;f", new Stamp("a", "b", 255, new KeyNumber(1, 0, true)));
    golden("1;i=a;s=b;e=ff;k=17;v=2;f", new Stamp("a", "b", 255, new KeyNumber(17, 2, true)));
  }

  @Test
  void voidedNumbersElsewhereAreWritten() {
    golden(
        "1;i=a;s=b;e=ff;k=17;w=13-14", new Stamp("a", "b", 255, new KeyNumber(17, 2, 14, false)));
    golden("1;i=a;s=b;e=ff;k=17;w=1-1;f", new Stamp("a", "b", 255, new KeyNumber(17, 1, 1, true)));
  }

  @Test
  void theLargestNumbersAreWritten() {
    golden(
        "1;i=a;s=b;e=7fffffffffffffff;k=9223372036854775807;v=9223372036854775806",
        new Stamp(
            "a", "b", Long.MAX_VALUE, new KeyNumber(Long.MAX_VALUE, Long.MAX_VALUE - 1, false)));
  }

  @Test
  void anyTextMayBeAnIdOrASource() {
    golden(
        "1;i=a%3Bb%3Dc%20%2B%25;s=%C3%BC%0A%F0%9F%98%80;e=1",
        new Stamp("a;b=c +%", "ü\n\uD83D\uDE00", 1, null));
  }

  private static Stamp inLane(LaneNumber lane) {
    return new Stamp("a", "b", 255, new KeyNumber(17, 0, false), lane, 3_632_233_996L);
  }

  @Test
  void theNumberInTheLaneAndTheDigestAreWritten() {
    golden("1;i=a;s=b;e=ff;k=17;l=3;n=40961;d=3632233996", inLane(LaneNumber.of(3, 40_961)));
    golden("1;i=a;s=b;e=ff;l=0;n=1;d=0", new Stamp("a", "b", 255, null, LaneNumber.of(0, 1), 0));
    golden("1;i=a;s=b;e=ff;d=7", new Stamp("a", "b", 255, null, null, 7));
    golden(
        "1;i=a;s=b;e=ff;k=2;l=3;n=4",
        new Stamp("a", "b", 255, new KeyNumber(2, 0, false), LaneNumber.of(3, 4), -1));
  }

  @Test
  void whatIsNotPromisedAndWhatIsVoidedInTheLaneIsWritten() {
    golden(
        "1;i=a;s=b;e=ff;k=17;l=3;n=40961;u=12;d=3632233996",
        inLane(new LaneNumber(3, 40_961, 12, List.of(), 0, -1)));
    golden(
        "1;i=a;s=b;e=ff;k=17;l=3;n=40961;u=12;x=7-7,9-20;d=3632233996",
        inLane(new LaneNumber(3, 40_961, 12, List.of(new Range(7, 7), new Range(9, 20)), 0, -1)));
  }

  @Test
  void theOpeningOfAChainIsWritten() {
    golden(
        "1;i=a;s=b;e=ff;k=17;l=3;n=2;u=1;o=1;d=3632233996",
        inLane(new LaneNumber(3, 2, 1, List.of(), 1, -1)));
    golden(
        "1;i=a;s=b;e=ff;k=17;l=3;n=2;x=1-1;o=1;p=fe;d=3632233996",
        inLane(new LaneNumber(3, 2, 0, List.of(new Range(1, 1)), 1, 254)));
  }

  @Test
  void theLargestLaneNumbersAreWritten() {
    golden(
        "1;i=a;s=b;e=1;l=2147483647;n=9223372036854775807;u=9223372036854775806;"
            + "x=1-9223372036854775806;o=9223372036854775807;p=7fffffffffffffff;d=4294967295",
        new Stamp(
            "a",
            "b",
            1,
            null,
            new LaneNumber(
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 1,
                List.of(new Range(1, Long.MAX_VALUE - 1)),
                Long.MAX_VALUE,
                Long.MAX_VALUE),
            0xffff_ffffL));
  }

  @Test
  void aLaneWithoutNumberIsNone() {
    Stamp read = StampCodec.read("1;i=a;s=b;e=1;l=4").orElseThrow();
    assertEquals(Optional.empty(), read.laneNumber());
    assertEquals(Optional.empty(), StampCodec.read("1;i=a;s=b;e=1;n=4").orElseThrow().laneNumber());
  }

  @Test
  void aPlusIsAPlus() {
    assertEquals("a+b c", StampCodec.read("1;i=a+b%20c;s=b;e=1").orElseThrow().id());
    assertEquals("a+b", StampCodec.read("1;i=a+b;s=b;e=1").orElseThrow().id());
  }

  @Test
  void unknownFieldsAreSkipped() {
    Stamp read = StampCodec.read("1;z=7;i=a;s=b;future;e=1;k=2;;y=a=b").orElseThrow();
    assertEquals(new Stamp("a", "b", 1, new KeyNumber(2, 0, false)), read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "1",
        "2;i=a;s=b;e=1",
        "01;i=a;s=b;e=1",
        "garbage",
        "1;i=a;s=b",
        "1;i=a;e=1",
        "1;s=b;e=1",
        "1;i=;s=b;e=1",
        "1;i=%20;s=b;e=1",
        "1;i=a;s=;e=1",
        "1;i=%;s=b;e=1",
        "1;i=%2;s=b;e=1",
        "1;i=%zz;s=b;e=1",
        "1;i=%-1;s=b;e=1",
        "1;i=a;s=b;e=",
        "1;i=a;s=b;e=-1",
        "1;i=a;s=b;e=xyz",
        "1;i=a;s=b;e=ffffffffffffffffffff",
        "1;i=a;s=b;e=8000000000000000",
      })
  void whatIsNoStampReadsAsNone(String text) {
    assertEquals(Optional.empty(), StampCodec.read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1;i=a;s=b;e=1;k=",
        "1;i=a;s=b;e=1;k=0",
        "1;i=a;s=b;e=1;k=-3",
        "1;i=a;s=b;e=1;k=9223372036854775808",
        "1;i=a;s=b;e=1;k=2;v=2",
        "1;i=a;s=b;e=1;k=2;v=-1",
        "1;i=a;s=b;e=1;k=2;v=",
        "1;i=a;s=b;e=1;k=5;w=",
        "1;i=a;s=b;e=1;k=5;w=3",
        "1;i=a;s=b;e=1;k=5;w=-1",
        "1;i=a;s=b;e=1;k=5;w=0-3",
        "1;i=a;s=b;e=1;k=5;w=4-3-2",
        "1;i=a;s=b;e=1;k=5;w=4-5",
        "1;i=a;s=b;e=1;k=5;w=4-2",
        "1;i=a;s=b;e=1;k=5;w=-9223372036854775808-4",
        "1;i=a;s=b;e=1;k=one",
      })
  void whatHasGarbledNumbersReadsAsNone(String text) {
    assertEquals(Optional.empty(), StampCodec.read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1;i=a;s=b;e=1;l=0;n=0",
        "1;i=a;s=b;e=1;l=0;n=",
        "1;i=a;s=b;e=1;l=-1;n=1",
        "1;i=a;s=b;e=1;l=2147483648;n=1",
        "1;i=a;s=b;e=1;l=0;n=3;u=3",
        "1;i=a;s=b;e=1;l=0;n=3;u=-1",
        "1;i=a;s=b;e=1;l=0;n=9;x=",
        "1;i=a;s=b;e=1;l=0;n=9;x=4",
        "1;i=a;s=b;e=1;l=0;n=9;x=0-4",
        "1;i=a;s=b;e=1;l=0;n=9;x=5-4",
        "1;i=a;s=b;e=1;l=0;n=9;x=8-9",
        "1;i=a;s=b;e=1;l=0;n=9;x=5-6,4-4",
        "1;i=a;s=b;e=1;l=0;n=9;x=1-1,",
        "1;i=a;s=b;e=1;l=0;n=9;x=1-1,2-2,3-3,4-4,5-5",
        "1;i=a;s=b;e=1;l=0;n=9;o=10",
        "1;i=a;s=b;e=1;l=0;n=9;o=1;p=-2",
        "1;i=a;s=b;e=1;d=4294967296",
        "1;i=a;s=b;e=1;d=x",
      })
  void whatHasGarbledNumbersOfItsLaneReadsAsNone(String text) {
    assertEquals(Optional.empty(), StampCodec.read(text));
  }

  @Test
  void noTextWhateverMakesReadingThrow() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "1;iskevwflnuxopd=%0aF-+, \u0000é\uD800";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "1;i=a;s=b;e=1" : "1;");
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        StampCodec.read(text.toString());
      } catch (RuntimeException thrown) {
        throw new AssertionError("seed " + seed + ": " + text, thrown);
      }
    }
  }

  @Test
  void aUsualStampIsShort() {
    KeyNumber key = new KeyNumber(1_234_567, 0, false);
    LaneNumber lane = new LaneNumber(63, 12_345_678, 999, List.of(), 0, -1);
    Stamp stamp = new Stamp(ID, "trade-service", 0x19aa3c5e8d01f2L, key, lane, 0xffff_ffffL);
    assertTrue(StampCodec.write(stamp).length() <= 120, StampCodec.write(stamp));
    Stamp alone =
        new Stamp(ID, "twenty-chars-service", 0x19aa3c5e8d01f2L, null, lane, 0xffff_ffffL);
    assertEquals(20, alone.source().length());
    assertTrue(StampCodec.write(alone).length() <= 120, StampCodec.write(alone));
  }
}
