// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.rabbitmq.PendingConfirms.Address;
import io.bowline.rabbitmq.PendingConfirms.Pending;
import io.bowline.rabbitmq.PendingConfirms.Returned;
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
    assertEquals(List.of("m1", "m3"), publicationIds(pending.close()));
  }

  @Test
  void aMultipleAnswerAnswersAllUpToIt() {
    addUpTo(5);
    pending.answered(2, false);
    assertEquals(List.of("m1", "m3", "m4"), ids(pending.answered(4, true)));
    assertEquals(List.of("m5"), publicationIds(pending.close()));
  }

  @Test
  void anAnswerForWhatIsUnknownAnswersNothing() {
    addUpTo(1);
    assertEquals(List.of(), ids(pending.answered(9, false)));
    assertEquals(List.of("m1"), ids(pending.answered(9, true)));
  }

  @Test
  void aReturnMarksItsMessageBeforeTheAnswerComes() {
    addUpTo(3);
    pending.returned(address("m2"), NO_ROUTE);
    List<Pending> answered = pending.answered(3, true);
    assertNull(answered.get(0).returned());
    assertEquals(NO_ROUTE, answered.get(1).returned());
    assertNull(answered.get(2).returned());
  }

  @Test
  void returnsOfOneIdSentTwiceMarkBoth() {
    pending.add(1, Messages.publication("same", 0), address("same"));
    pending.add(2, Messages.publication("same", 0), address("same"));
    pending.returned(address("same"), NO_ROUTE);
    assertEquals(NO_ROUTE, pending.answered(1, false).get(0).returned());
    pending.returned(address("same"), NO_ROUTE);
    assertEquals(NO_ROUTE, pending.answered(2, false).get(0).returned());
  }

  @Test
  void aReturnOfTheSameIdToAnotherPlaceMarksNothing() {
    pending.add(1, Messages.publication("same", 0), address("same"));
    pending.returned(new Address("orders", "4", "same"), NO_ROUTE);
    assertNull(pending.answered(1, false).get(0).returned());
  }

  @Test
  void anIncarnationThatIsOverTakesNothingIn() {
    addUpTo(2);
    assertEquals(List.of("m1", "m2"), publicationIds(pending.close()));
    assertFalse(pending.add(3, Messages.publication("m3", 0), address("m3")));
    assertEquals(List.of(), publicationIds(pending.close()));
    assertEquals(List.of(), ids(pending.answered(9, true)));
  }

  @Test
  void withdrawnIsNotAnswered() {
    addUpTo(2);
    assertTrue(pending.withdraw(1));
    assertFalse(pending.withdraw(1));
    assertEquals(List.of("m2"), ids(pending.answered(2, true)));
  }

  @Test
  void onlyTheLateOnesAreTakenOut() {
    pending.add(1, Messages.publication("m1", 10), address("m1"));
    pending.add(2, Messages.publication("m2", 20), address("m2"));
    pending.add(3, Messages.publication("m3", 30), address("m3"));
    assertEquals(List.of("m1", "m2"), publicationIds(pending.removeLate(20)));
    assertEquals(List.of("m3"), ids(pending.answered(3, true)));
  }

  private void addUpTo(int count) {
    for (int i = 1; i <= count; i++) {
      pending.add(i, Messages.publication("m" + i, 0), address("m" + i));
    }
  }

  private static Address address(String id) {
    return new Address("orders", "3", id);
  }

  private static List<String> ids(List<Pending> answered) {
    return publicationIds(answered.stream().map(Pending::publication).toList());
  }

  private static List<String> publicationIds(List<Publication> publications) {
    return publications.stream().map(each -> each.message().messageId()).toList();
  }
}
