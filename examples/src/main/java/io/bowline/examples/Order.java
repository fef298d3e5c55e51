// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

/**
 * An order to deduct beans, as it travels: {@code <user> <number> <beans>}.
 *
 * @param user whose beans
 * @param number 1, 2, 3 … among the user's orders, in the order of ordering
 * @param beans how many to deduct
 */
record Order(String user, int number, int beans) {

  String text() {
    return user + " " + number + " " + beans;
  }

  static Order parse(String text) {
    String[] parts = text.split(" ", -1);
    return new Order(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }
}
