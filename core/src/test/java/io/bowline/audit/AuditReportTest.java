// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.audit.Finding.Check;
import io.bowline.audit.Finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditReportTest {
  private static final Check COPIES = Check.critical("copies", "topic t");
  private static final Check ROOM = Check.warning("room", "topic t");
  private static final Check RACKS = Check.notice("racks", "topic t");
  private static final Finding GOOD = COPIES.pass("3 copies", "Good.");
  private static final Finding BAD = COPIES.fail("1 copy", "Bad.", "more copies");
  private static final Finding UNREAD = COPIES.unverifiable("no right", "grant it");
  private static final Finding TIGHT = ROOM.fail("1 GB", "Tight.", "more room");
  private static final Finding ONE_RACK = RACKS.fail("1 rack", "So so.", "more racks");

  private static TopicAudit topic(Finding... findings) {
    return new TopicAudit("t", Durability.LOCAL, List.of(findings));
  }

  @Test
  void theGravestIsFirstAndWhatPassedLast() {
    assertEquals(
        List.of(BAD, UNREAD, TIGHT, ONE_RACK, GOOD),
        topic(GOOD, ONE_RACK, UNREAD, TIGHT, BAD).findings());
  }

  @Test
  void aFaultNamesThoseThatHaveIt() {
    Fault<Integer> odd = new Fault<>(one -> one % 2 == 1, "odd", "Bad.", "more");
    assertEquals(
        COPIES.fail("odd: [1, 3]", "Bad.", "more"),
        odd.judge(COPIES, Fact.of(List.of(1, 2, 3)), List::toString, "Good."));
    assertEquals(
        COPIES.pass("so of all", "Good."),
        odd.judge(COPIES, Fact.of(List.of(2, 4)), List::toString, "Good."));
    assertEquals(
        UNREAD, odd.judge(COPIES, Fact.unknown("no right", "grant it"), List::toString, "Good."));
  }

  @Test
  void whatCouldNotBeReadIsNotFine() {
    assertTrue(topic(GOOD).isFine());
    assertTrue(topic(GOOD, ONE_RACK).isFine());
    assertFalse(topic(GOOD, TIGHT).isFine());
    assertFalse(topic(UNREAD).isFine());
    assertEquals(List.of(BAD, UNREAD), topic(TIGHT, UNREAD, BAD, GOOD).critical());
  }

  @Test
  void aReportIsOfAllItsTopics() {
    AuditReport report = new AuditReport("kafka://here", List.of(topic(GOOD), topic(BAD, UNREAD)));
    assertFalse(report.isFine());
    assertEquals(List.of(BAD, UNREAD), report.critical());
    assertEquals(List.of(BAD), report.findings(Status.FAIL));
    assertTrue(new AuditReport("kafka://here", List.of(topic(GOOD), topic(GOOD))).isFine());
  }

  @Test
  void peopleReadWhatItMeansAndHowToMendIt() {
    assertEquals(
        """
        Audit of kafka://here
        Topic t: LOCAL
          FAIL         CRITICAL copies of topic t: 1 copy. Bad.
            To mend it: more copies
          PASS         CRITICAL copies of topic t: 3 copies. Good.
        1 passed, 1 failed, 0 could not be verified\
        """,
        new AuditReport("kafka://here", List.of(topic(GOOD, BAD))).toString());
  }

  @Test
  void aFactThatIsUnknownCannotBeJudged() {
    assertEquals(GOOD, Fact.of(3).judge(COPIES, number -> GOOD));
    assertEquals(
        UNREAD, Fact.<Integer>unknown("no right", "grant it").judge(COPIES, number -> GOOD));
    assertEquals(
        UNREAD,
        Fact.<Integer>unknown("no right", "grant it").then(Fact::of).judge(COPIES, one -> GOOD));
    assertEquals(BAD, Fact.of(3).then(three -> Fact.of(three - 2)).judge(COPIES, one -> BAD));
  }
}
