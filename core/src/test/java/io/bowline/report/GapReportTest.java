// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.LaneNumber.Range;
import io.bowline.report.GapReport.Scope;
import io.bowline.report.SentMark.SentChain;
import io.bowline.report.SourceReport.Counts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapReportTest {
  private static final Instant NINE = Instant.parse("2026-11-21T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
  private static final Scope HOUR = new Scope("orders", "billing", NINE, TEN);
  private final InMemorySentLog sent = new InMemorySentLog();
  private final InMemoryGapStore completed = new InMemoryGapStore();

  private void sent(String source, int lane, long number, Instant at) {
    sent.add(List.of(new SentMark(new SentChain("orders", lane, source, 0xabc), number, at)));
  }

  private void completed(int lane, ChainState... states) {
    GroupLane place = new GroupLane("orders", "billing", lane);
    assertTrue(completed.save(completed.claim(place), List.of(states)));
  }

  private static ChainState upTo(String source, long watermark) {
    Extent extent = new Extent(1, watermark, true);
    return new ChainState(
        source, 0xabc, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
  }

  private GapReport report() {
    return GapReport.make(HOUR, sent, completed);
  }

  @Test
  void allThatWasSentIsAccountedFor() {
    sent("shop", 0, 100, TEN.minusSeconds(1));
    KeyNumbers key = new KeyNumbers("user-7", 5, 6);
    completed(
        0,
        new ChainState(
            "shop",
            0xabc,
            new Extent(11, 80, true),
            List.of(0b110L), // 82 and 83
            List.of(new Range(20, 20), new Range(30, 31)),
            List.of(new Range(40, 41)),
            List.of(
                new Absent(30, 31, 0, true, true, List.of(key)),
                new Absent(90, 90, 0, true, false, List.of())),
            new ChainState.Counts(List.of(new Range(50, 52)), 7)));
    SourceReport shop = report().sources().get(0);
    assertEquals(98, shop.sent(), "two numbers were voided");
    // 11 to 80 without 20, 30, 31, 40 and 41, then 82 and 83; three of them set aside
    assertEquals(new Counts(64, 3, 2, 19, 10, 7), shop.counts());
    assertEquals(
        List.of(new SourceReport.Missing(0, 0xabc, List.of(new Range(30, 31)), List.of(key))),
        shop.missing());
    Counts counts = shop.counts();
    assertEquals(
        shop.sent(),
        counts.completed()
            + counts.deadLettered()
            + counts.missing()
            + counts.open()
            + counts.unverified());
    assertTrue(report().hasMissing());
  }

  @Test
  void onlyWhatWasPromisedInTheTimeCounts() {
    sent("shop", 0, 10, NINE.minusSeconds(60));
    sent("shop", 0, 20, NINE.minusSeconds(1));
    sent("shop", 0, 50, NINE);
    sent("shop", 0, 60, TEN);
    sent("shop", 0, 90, TEN.plusSeconds(1));
    completed(0, upTo("shop", 55));
    SourceReport shop = report().sources().get(0);
    assertEquals(40, shop.sent());
    assertEquals(new Counts(35, 0, 0, 5, 0, 0), shop.counts());
    assertFalse(report().hasMissing());
  }

  @Test
  void lanesAndEpochsOfASourceAreAddedUp() {
    sent("shop", 0, 10, NINE);
    sent("shop", 1, 5, NINE);
    sent("mill", 1, 2, NINE);
    completed(0, upTo("shop", 10));
    completed(1, upTo("shop", 4), upTo("mill", 2));
    List<SourceReport> sources = report().sources();
    assertEquals(List.of("mill", "shop"), sources.stream().map(SourceReport::source).toList());
    assertEquals(15, sources.get(1).sent());
    assertEquals(new Counts(14, 0, 0, 1, 0, 0), sources.get(1).counts());
  }

  /** A later incarnation, and another source, begin with 1 too. */
  @Test
  void whatOneChainCompletedAnotherOneDidNot() {
    sent("shop", 0, 10, NINE);
    sent.add(List.of(new SentMark(new SentChain("orders", 0, "shop", 0xabd), 5, NINE)));
    sent("mill", 0, 3, NINE);
    completed(0, upTo("shop", 10));
    List<SourceReport> sources = report().sources();
    assertEquals(new Counts(0, 0, 0, 3, 0, 0), sources.get(0).counts());
    assertEquals(new Counts(10, 0, 0, 5, 0, 0), sources.get(1).counts());
  }

  @Test
  void aboveTheWatermarkEachNumberCountsForItself() {
    sent("shop", 0, 12, NINE);
    Extent extent = new Extent(1, 10, true);
    List<Long> onlyTheSecond = List.of(0b10L);
    completed(0, state(extent, onlyTheSecond, List.of()));
    assertEquals(new Counts(11, 0, 0, 1, 0, 0), report().sources().get(0).counts());
    sent("shop", 0, 11, NINE.minusSeconds(1));
    assertEquals(new Counts(1, 0, 0, 0, 0, 0), report().sources().get(0).counts());
  }

  private static ChainState state(Extent extent, List<Long> window, List<Absent> missing) {
    List<Range> holes = missing.stream().map(one -> new Range(one.from(), one.to())).toList();
    return new ChainState(
        "shop", 0xabc, extent, window, holes, List.of(), missing, ChainState.Counts.NONE);
  }

  @Test
  void whatIsMissingInSeveralLanesIsNamedInEach() {
    for (int lane : List.of(1, 0)) {
      sent("shop", lane, 10, NINE);
      Absent one = new Absent(lane + 3, lane + 3, 0, true, true, List.of());
      completed(lane, state(new Extent(1, 10, true), List.of(), List.of(one)));
    }
    SourceReport shop = report().sources().get(0);
    assertEquals(new Counts(18, 0, 2, 0, 0, 0), shop.counts());
    assertEquals(
        List.of(
            new SourceReport.Missing(0, 0xabc, List.of(new Range(3, 3)), List.of()),
            new SourceReport.Missing(1, 0xabc, List.of(new Range(4, 4)), List.of())),
        shop.missing());
  }

  @Test
  void whatAGroupNeverHeardOfIsOpen() {
    sent("shop", 0, 10, NINE);
    assertEquals(new Counts(0, 0, 0, 10, 0, 0), report().sources().get(0).counts());
  }

  @Test
  void whoSentNothingInTheTimeIsLeftOut() {
    sent("shop", 0, 10, NINE.minusSeconds(1));
    assertEquals(List.of(), report().sources());
    assertEquals(
        "Group billing, sent from 2026-11-21T09:00:00Z to 2026-11-21T10:00:00Z\n"
            + "source  topic  sent  completed  dead-lettered  duplicate  open  unverified "
            + " missing\n",
        report().text());
  }

  private void oneOfTenIsMissing() {
    sent("shop \"A\"", 0, 10, NINE);
    KeyNumbers key = new KeyNumbers("user-7", 2, 2);
    completed(
        0,
        new ChainState(
            "shop \"A\"",
            0xabc,
            new Extent(1, 3, true),
            List.of(0b111110L),
            List.of(),
            List.of(),
            List.of(new Absent(4, 4, 0, true, true, List.of(key))),
            ChainState.Counts.NONE));
  }

  @Test
  void asATable() {
    oneOfTenIsMissing();
    assertEquals(
        """
        Group billing, sent from 2026-11-21T09:00:00Z to 2026-11-21T10:00:00Z
        source    topic   sent  completed  dead-lettered  duplicate  open  unverified  missing
        shop "A"  orders    10          8              0          0     1           0        1
        missing of shop "A" epoch abc lane 0: 4 (keys user-7:2)
        """,
        report().text());
  }

  @Test
  void asJson() {
    oneOfTenIsMissing();
    assertEquals(
        "{\"topic\":\"orders\",\"group\":\"billing\",\"from\":\"2026-11-21T09:00:00Z\","
            + "\"to\":\"2026-11-21T10:00:00Z\",\"sources\":[{\"source\":\"shop \\\"A\\\"\","
            + "\"sent\":10,\"completed\":8,\"deadLettered\":0,\"duplicates\":0,\"open\":1,"
            + "\"unverified\":0,\"missing\":1,\"named\":[{\"epoch\":\"abc\",\"lane\":0,"
            + "\"numbers\":[[4,4]],\"keys\":[{\"key\":\"user-7\",\"from\":2,\"to\":2}]}]}]}",
        report().json());
  }

  @Test
  void aTimeThatEndsBeforeItBeginsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Scope("orders", "billing", TEN, NINE));
    assertThrows(IllegalArgumentException.class, () -> new Scope(" ", "billing", NINE, TEN));
  }
}
