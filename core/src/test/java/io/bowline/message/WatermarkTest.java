// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Received.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are golden: a change of them needs a page in docs/decisions. */
class WatermarkTest {
  private static void golden(String text, Watermark mark) {
    assertEquals(text, mark.text());
    assertEquals(Optional.of(mark), Watermark.read(text));
  }

  private static Received received(Map<String, String> headers) {
    return Received.of(new Origin("orders", 0, "7", "orders/0/7"), null, headers, new byte[0]);
  }

  @Test
  void itSaysHowFarItsLaneIsPromisedAndWhenTheNextFollows() {
    golden(
        "1;s=trade-service;e=19aa3c5e8d01f2;l=3;n=40962;a=1795305600000;t=30000",
        new Watermark(
            "trade-service",
            0x19aa3c5e8d01f2L,
            LaneNumber.of(3, 40_962),
            1_795_305_600_000L,
            30_000,
            false));
  }

  @Test
  void itSaysWhatIsVoidedWhereTheChainOpensAndThatItEnds() {
    LaneNumber lane = new LaneNumber(0, 12, 0, List.of(new Range(3, 4), new Range(9, 9)), 1, 0xfe);
    golden(
        "1;s=a%3Bb;e=ff;l=0;n=12;x=3-4,9-9;o=1;p=fe;a=0;t=1;c",
        new Watermark("a;b", 255, lane, 0, 1, true));
  }

  @Test
  void fieldsOfALaterVersionAreSkipped() {
    Watermark mark = new Watermark("s", 1, LaneNumber.of(0, 2), 0, 30, false);
    assertEquals(Optional.of(mark), Watermark.read("1;s=s;e=1;l=0;n=2;t=30;z=9"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2;s=s;e=1;l=0;n=2;t=30",
        "1;e=1;l=0;n=2;t=30",
        "1;s=s;l=0;n=2;t=30",
        "1;s=s;e=1;n=2;t=30",
        "1;s=s;e=1;l=0;t=30",
        "1;s=s;e=1;l=0;n=2",
        "1;s=s;e=1;l=0;n=2;t=0",
        "1;s=s;e=1;l=0;n=0;t=30",
        "1;s=;e=1;l=0;n=2;t=30",
        "1;s=s;e=-1;l=0;n=2;t=30"
      })
  void whatIsNoWatermarkIsNotRead(String text) {
    assertEquals(Optional.empty(), Watermark.read(text));
    Received received = received(Map.of(Watermark.HEADER, text));
    assertTrue(Watermark.is(received), "it is passed over all the same");
    assertEquals(Optional.empty(), Watermark.in(received));
  }

  @Test
  void aMessageIsNone() {
    assertFalse(Watermark.is(received(Map.of())));
    assertFalse(
        Watermark.is(
            received(
                Map.of(StampCodec.HEADER, "1;i=a;s=b;e=1", Watermark.HEADER, "somebody's own"))));
    assertEquals(Optional.empty(), Watermark.in(received(Map.of())));
    assertThrows(
        IllegalArgumentException.class, () -> Message.to("t").header(Watermark.HEADER, "1"));
  }
}
