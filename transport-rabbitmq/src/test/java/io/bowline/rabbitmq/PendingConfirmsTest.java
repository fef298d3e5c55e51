// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.rabbitmq.PendingConfirms.Address;
import io.bowline.rabbitmq.Publication.Returned;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PendingConfirmsTest {
  private static final Returned NO_ROUTE = new Returned(312, "NO_ROUTE");

  private final PendingConfirms pending = new PendingConfirms();

  @Test
  void oneAnswerAnswersOne() {
    addUpTo(3);
    assertEquals(List.of("m2"), ids(pending.answered(2, false)));
    assertEquals(List.of(), ids(pending.answered(2, false)));
    assertEquals(List.of("m1", "m3"), ids(pending.close()));
  }

  @Test
  void aMultipleAnswerAnswersAllUpToIt() {
    addUpTo(5);
    assertEquals(List.of("m2"), ids(pending.answered(2, false)));
    assertEquals(List.of("m1", "m3", "m4"), ids(pending.answered(4, true)));
    assertEquals(List.of("m5"), ids(pending.close()));
  }

  @Test
  void anAnswerForWhatIsUnknownAnswersNothing() {
    addUpTo(1);
    assertEquals(List.of(), ids(pending.answered(9, false)));
    assertEquals(List.of(), ids(pending.answered(0, false)));
    assertEquals(List.of("m1"), ids(pending.answered(9, true)));
    assertEquals(List.of(), ids(pending.answered(1, false)));
  }

  @Test
  void numbersGoOnWhileSomeAreOpen() {
    int round = 700;
    addUpTo(round);
    for (int i = 1; i <= 20; i++) {
      addUpTo(round);
      long upTo = (long) i * round;
      assertEquals(round, pending.answered(upTo, true).size(), "up to " + upTo);
    }
    addUpTo(3 * round);
    assertEquals(4 * round, pending.close().size());
  }

  @Test
  void aReturnMarksItsMessageBeforeTheAnswerComes() {
    addUpTo(3);
    pending.returned(address("m2"), NO_ROUTE);
    List<Publication> answered = pending.answered(3, true);
    assertNull(answered.get(0).returned());
    assertEquals(NO_ROUTE, answered.get(1).returned());
    assertNull(answered.get(2).returned());
  }

  @Test
  void returnsOfOneIdSentTwiceMarkBoth() {
    assertTrue(pending.add(Messages.publication("same", 0)));
    assertTrue(pending.add(Messages.publication("same", 0)));
    pending.returned(address("same"), NO_ROUTE);
    assertEquals(NO_ROUTE, pending.answered(1, false).get(0).returned());
    pending.returned(address("same"), NO_ROUTE);
    assertEquals(NO_ROUTE, pending.answered(2, false).get(0).returned());
  }

  @Test
  void aReturnOfTheSameIdToAnotherPlaceMarksNothing() {
    assertTrue(pending.add(Messages.publication("same", 0)));
    pending.returned(new Address("orders", "4", "same"), NO_ROUTE);
    pending.returned(new Address("others", "3", "same"), NO_ROUTE);
    assertNull(pending.answered(1, false).get(0).returned());
  }

  @Test
  void anIncarnationThatIsOverTakesNothingIn() {
    addUpTo(2);
    assertEquals(List.of("m1", "m2"), ids(pending.close()));
    assertFalse(pending.add(Messages.publication("m3", 0)));
    assertEquals(List.of(), ids(pending.close()));
    assertEquals(List.of(), ids(pending.answered(9, true)));
  }

  @Test
  void theNumberOfWhatWasNotPublishedIsUsedAgain() {
    addUpTo(1);
    Publication unpublished = Messages.publication("m2", 0);
    assertTrue(pending.add(unpublished));
    assertTrue(pending.withdraw(unpublished));
    assertFalse(pending.withdraw(unpublished));
    assertTrue(pending.add(Messages.publication("m3", 0)));
    assertEquals(List.of("m3"), ids(pending.answered(2, false)));
    assertEquals(List.of("m1"), ids(pending.close()));
  }

  @Test
  void onlyTheLateOnesAreTakenOut() {
    assertTrue(pending.add(Messages.publication("m1", 10)));
    assertTrue(pending.add(Messages.publication("m2", 20)));
    assertTrue(pending.add(Messages.publication("m3", 30)));
    assertEquals(List.of("m1", "m2"), ids(pending.removeLate(20)));
    assertEquals(List.of("m3"), ids(pending.answered(3, true)));
    assertEquals(List.of(), ids(pending.removeLate(99)));
  }

  private void addUpTo(int count) {
    for (int i = 1; i <= count; i++) {
      assertTrue(pending.add(Messages.publication("m" + i, 0)));
    }
  }

  private static Address address(String id) {
    return new Address("orders", "3", id);
  }

  private static List<String> ids(List<Publication> publications) {
    return publications.stream().map(each -> each.message().messageId()).toList();
  }
}
