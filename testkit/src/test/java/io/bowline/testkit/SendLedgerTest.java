// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Stamp.KeyNumber;
import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.testkit.SendLedger.Arrived;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A ledger is silent about a sound history, and names what is wrong with each broken one. */
class SendLedgerTest {
  private final SendLedger ledger = new SendLedger(Order.STRICT);

  /** Calls a, b and c of key k. */
  private void called(String... ids) {
    for (String id : ids) {
      ledger.called(id, "k", "text " + id);
    }
  }

  private void ended(Outcome outcome, String... ids) {
    for (String id : ids) {
      ledger.ended(id, outcome);
    }
  }

  private static Arrived message(String id, @Nullable KeyNumber number) {
    return new Arrived(id, "k", "text " + id, number);
  }

  private void arrived(String id, long number) {
    ledger.arrived(message(id, new KeyNumber(number, 0, number == 1)));
  }

  private void assertFinding(String expected) {
    assertFinding(expected, ledger);
  }

  private static void assertFinding(String expected, SendLedger ledger) {
    List<String> findings = ledger.findings();
    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).startsWith(expected), findings::toString);
  }

  @Test
  void aSoundHistoryHasNoFindings() {
    called("a", "b", "c", "d", "e");
    ledger.called("free", null, "text");
    ended(Outcome.CONFIRMED, "a", "c", "e", "free");
    ended(Outcome.UNKNOWN, "b");
    ended(Outcome.REJECTED, "d");
    arrived("a", 1);
    ledger.arrived(new Arrived("free", null, "text", null));
    arrived("b", 2);
    arrived("a", 1);
    ledger.arrived(message("c", new KeyNumber(3, 1, false)));
    arrived("e", 4);
    assertEquals(List.of(), ledger.findings());
    assertEquals(1, ledger.duplicates());
    assertEquals(4, ledger.count(Outcome.CONFIRMED));
    assertEquals(6, ledger.calls());
    assertEquals(0, ledger.unended());
    assertEquals(List.of(), ledger.missing());
  }

  @Test
  void confirmedIsThere() {
    called("a");
    ended(Outcome.CONFIRMED, "a");
    assertEquals(List.of("a"), ledger.missing());
    assertFinding("confirmed and not there: a");
  }

  @Test
  void rejectedIsNotThere() {
    called("a");
    arrived("a", 1);
    ended(Outcome.REJECTED, "a");
    assertFinding("rejected and there: a");
  }

  @Test
  void unknownMayBeEither() {
    called("a", "b");
    ended(Outcome.UNKNOWN, "a", "b");
    arrived("a", 1);
    assertEquals(List.of(), ledger.findings());
  }

  @Test
  void whatNobodySentIsFound() {
    arrived("a", 1);
    assertFinding("sent by nobody");
  }

  @Test
  void aLostFutureIsFound() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a");
    arrived("a", 1);
    arrived("b", 2);
    assertEquals(1, ledger.unended());
    assertFinding("never ended: b");
  }

  @Test
  void aSecondEndingIsFound() {
    called("a");
    ended(Outcome.UNKNOWN, "a");
    ended(Outcome.CONFIRMED, "a");
    assertFinding("ended twice: a, UNKNOWN and then CONFIRMED");
  }

  @Test
  void anEndingOfNothingIsFound() {
    ended(Outcome.CONFIRMED, "a");
    assertFinding("a future completed that nobody got: a");
  }

  @Test
  void anOvertakingIsFound() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    arrived("b", 2);
    arrived("a", 1);
    assertTrue(ledger.findings().get(0).startsWith("out of order"), ledger.findings()::toString);
  }

  @Test
  void aDuplicateOvertakesNobody() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    arrived("a", 1);
    arrived("b", 2);
    arrived("a", 1);
    assertEquals(List.of(), ledger.findings());
  }

  @Test
  void otherKeysMayOvertake() {
    ledger.called("a", "k", "text a");
    ledger.called("b", "other", "text b");
    ended(Outcome.CONFIRMED, "a", "b");
    ledger.arrived(new Arrived("b", "other", "text b", new KeyNumber(1, 0, true)));
    arrived("a", 1);
    assertEquals(List.of(), ledger.findings());
  }

  @Test
  void aChangedBodyOrKeyIsFound() {
    called("a");
    ended(Outcome.UNKNOWN, "a");
    ledger.arrived(new Arrived("a", "k", "another text", new KeyNumber(1, 0, true)));
    assertFinding("changed on the way");
    SendLedger other = new SendLedger(Order.STRICT);
    other.called("a", "k", "text");
    other.ended("a", Outcome.UNKNOWN);
    other.arrived(new Arrived("a", null, "text", new KeyNumber(1, 0, true)));
    assertFinding("changed on the way", other);
  }

  @Test
  void aDuplicateWithAnotherNumberIsFound() {
    called("a");
    ended(Outcome.CONFIRMED, "a");
    arrived("a", 1);
    arrived("a", 2);
    assertFinding("came again under another number");
  }

  @Test
  void oneNumberForTwoIsFound() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    arrived("a", 1);
    arrived("b", 1);
    assertFinding("one number for two messages: a and");
  }

  @Test
  void aNumberLeftOutIsFound() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    arrived("a", 1);
    arrived("b", 3);
    assertFinding("a consumer would miss [2] of key k");
  }

  @Test
  void aNumberLeftOutIsExplainedByAVoid() {
    called("a", "x", "y", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    ended(Outcome.UNKNOWN, "x", "y");
    arrived("a", 1);
    ledger.arrived(message("b", new KeyNumber(4, 2, false)));
    assertEquals(List.of(), ledger.findings());
  }

  @Test
  void aLaterVoidExplainsToo() {
    called("a", "x", "b", "c");
    ended(Outcome.CONFIRMED, "a", "b", "c");
    ended(Outcome.UNKNOWN, "x");
    arrived("a", 1);
    arrived("b", 3);
    ledger.arrived(message("c", new KeyNumber(4, 1, 2, false)));
    assertEquals(List.of(), ledger.findings());
  }

  @Test
  void inPipelinedOrderTheLastVoidsMayStillBeUntold() {
    SendLedger pipelined = new SendLedger(Order.PIPELINED);
    for (String id : List.of("a", "x", "b")) {
      pipelined.called(id, "k", "text " + id);
    }
    pipelined.ended("a", Outcome.CONFIRMED);
    pipelined.ended("x", Outcome.UNKNOWN);
    pipelined.ended("b", Outcome.CONFIRMED);
    pipelined.arrived(message("a", new KeyNumber(1, 0, true)));
    pipelined.arrived(message("b", new KeyNumber(3, 0, false)));
    assertEquals(List.of(), pipelined.findings());
    pipelined.called("c", "k", "text c");
    pipelined.ended("c", Outcome.CONFIRMED);
    pipelined.arrived(message("c", new KeyNumber(5, 0, false)));
    assertFinding("a consumer would miss [2, 4]", pipelined);
  }

  @Test
  void aConfirmedOneThatIsCalledVoidIsFound() {
    called("a", "b");
    ended(Outcome.CONFIRMED, "a", "b");
    arrived("a", 1);
    ledger.arrived(message("b", new KeyNumber(2, 1, false)));
    assertFinding("called void by");
  }

  @Test
  void aMissingNumberOfAKeyIsFound() {
    called("a");
    ended(Outcome.CONFIRMED, "a");
    ledger.arrived(message("a", null));
    assertFinding("without a number");
  }

  @Test
  void ofManyFindingsTheFirstAreNamedAndTheRestCounted() {
    for (int i = 0; i < 100; i++) {
      called("m" + i);
      ended(Outcome.CONFIRMED, "m" + i);
    }
    List<String> findings = ledger.findings();
    assertEquals(21, findings.size());
    assertEquals("and 80 more", findings.get(20));
  }

  @Test
  void anIdIsCalledOnce() {
    called("a");
    assertThrows(IllegalArgumentException.class, () -> called("a"));
  }
}
