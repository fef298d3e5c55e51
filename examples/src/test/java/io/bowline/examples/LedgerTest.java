// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void confirmedButNotDeductedIsLost() {
    ledger.confirmed(new Order("a", 1, 100));
    ledger.confirmed(new Order("a", 2, 100));
    ledger.deducted(new Order("a", 1, 100));

    assertEquals(1, ledger.account().lost());
  }

  @Test
  void deductedButNotConfirmedMakesGoodForNothing() {
    ledger.confirmed(new Order("a", 1, 100));
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
  void aFirstDeductionAfterALaterOneIsOutOfOrder() {
    ledger.deducted(new Order("a", 2, 100));
    ledger.deducted(new Order("b", 1, 100));
    ledger.deducted(new Order("a", 1, 100));
    ledger.deducted(new Order("a", 3, 100));

    assertEquals(1, ledger.account().outOfOrder());
  }
}
