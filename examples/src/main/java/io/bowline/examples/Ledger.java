// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was confirmed and what was deducted, held against each other. Thread-safe. */
final class Ledger {
  private final Set<Order> confirmed = new HashSet<>();
  private final Set<Order> deducted = new HashSet<>();
  private final Map<String, Integer> lastNumber = new HashMap<>();
  private int unconfirmed;
  private String firstFailure = "";
  private int redelivered;
  private int outOfOrder;

  /**
   * The account.
   *
   * @param confirmed orders that the broker confirmed
   * @param unconfirmed orders that ended rejected or unknown
   * @param processed confirmed orders that were deducted at least once
   * @param redelivered deductions of an order beyond its first
   * @param outOfOrder first deductions of an order after a later order of the same user
   */
  record Account(int confirmed, int unconfirmed, int processed, int redelivered, int outOfOrder) {
    int lost() {
      return confirmed - processed;
    }
  }

  synchronized void confirmed(Order order) {
    confirmed.add(order);
  }

  synchronized void unconfirmed(Order order, Throwable failure) {
    unconfirmed++;
    if (firstFailure.isEmpty()) {
      firstFailure = order.text() + ": " + failure.getMessage();
    }
  }

  synchronized void deducted(Order order) {
    if (!deducted.add(order)) {
      redelivered++;
      return;
    }
    int last = lastNumber.getOrDefault(order.user(), 0);
    if (order.number() < last) {
      outOfOrder++;
    }
    lastNumber.put(order.user(), Math.max(last, order.number()));
  }

  synchronized Account account() {
    int processed = (int) confirmed.stream().filter(deducted::contains).count();
    return new Account(confirmed.size(), unconfirmed, processed, redelivered, outOfOrder);
  }

  /** How many different orders were deducted, confirmed or not. */
  synchronized int processed() {
    return deducted.size();
  }

  synchronized String firstFailure() {
    return firstFailure;
  }
}
