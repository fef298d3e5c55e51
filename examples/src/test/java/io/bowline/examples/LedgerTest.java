// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void committedButNotDeductedIsLost() {
    ledger.committed(new Order("a", 1, 100));
    ledger.committed(new Order("a", 2, 100));
    ledger.deducted(new Order("a", 1, 100));

    assertEquals(1, ledger.account().lost());
  }

  @Test
  void deductedButNotCommittedMakesGoodForNothing() {
    ledger.committed(new Order("a", 1, 100));
    ledger.deducted(new Order("a", 2, 100));

    assertEquals(1, ledger.account().lost());
  }

  @Test
  void aSecondDeductionIsARedeliveryAndNoDisorder() {
    ledger.deducted(new Order("a", 1, 100));
    ledger.deducted(new Order("a", 2, 100));
    ledger.deducted(new Order("a", 1, 100));

    assertEquals(1, ledger.account().redelivered());
    assertEquals(0, ledger.account().outOfOrder());
  }

  @Test
  void inTheEndTheTablesSayWhatWasDeducted() {
    Order first = new Order("a", 1, 100);
    Order second = new Order("a", 2, 100);
    ledger.committed(first);
    ledger.committed(second);
    ledger.deducted(first);
    ledger.deducted(second);
    assertEquals(0, ledger.account().lost());
    ledger.applied(List.of(first, first));

    assertEquals(1, ledger.account().lost());
    assertEquals(1, ledger.account().appliedTwice());
  }

  @Test
  void whatWasKnownWasRedelivered() {
    ledger.known(3);

    assertEquals(3, ledger.account().redelivered());
  }

  @Test
  void aFirstDeductionAfterALaterOneIsOutOfOrder() {
    ledger.deducted(new Order("a", 2, 100));
    ledger.deducted(new Order("b", 1, 100));
    ledger.deducted(new Order("a", 1, 100));
    ledger.deducted(new Order("a", 3, 100));

    assertEquals(1, ledger.account().outOfOrder());
  }
}
