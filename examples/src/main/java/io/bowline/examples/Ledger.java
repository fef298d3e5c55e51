// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was committed and what was deducted, held against each other: as the bean service tells it,
 * and in the end as its tables have it. Thread-safe.
 */
final class Ledger {
  private final Set<Order> committed = new HashSet<>();
  private final Set<Order> deducted = new HashSet<>();
  private final Map<String, Integer> lastNumber = new HashMap<>();
  private int failed;
  private String firstFailure = "";
  private int redelivered;
  private int outOfOrder;
  private int appliedTwice;

  /**
   * The account.
   *
   * @param committed orders that were committed with their trade
   * @param failed orders whose trade failed
   * @param processed committed orders that were deducted at least once
   * @param redelivered how often an order came beyond its first time
   * @param outOfOrder first deductions of an order after a later order of the same user
   * @param appliedTwice deductions beyond the first of an order in the tables; 0 until they are
   *     read
   */
  record Account(
      int committed, int failed, int processed, int redelivered, int outOfOrder, int appliedTwice) {
    int lost() {
      return committed - processed;
    }
  }

  synchronized void committed(Order order) {
    committed.add(order);
  }

  synchronized void failed(Order order, Throwable failure) {
    failed++;
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

  /** So many orders came that had been deducted before. */
  synchronized void known(int times) {
    redelivered += times;
  }

  /** What is in the tables: from now on nothing else counts as deducted. */
  synchronized void applied(List<Order> inTables) {
    deducted.clear();
    deducted.addAll(inTables);
    appliedTwice = inTables.size() - deducted.size();
  }

  synchronized Account account() {
    int processed = (int) committed.stream().filter(deducted::contains).count();
    return new Account(committed.size(), failed, processed, redelivered, outOfOrder, appliedTwice);
  }

  /** How many different orders were deducted, committed or not. */
  synchronized int processed() {
    return deducted.size();
  }

  synchronized String firstFailure() {
    return firstFailure;
  }
}
