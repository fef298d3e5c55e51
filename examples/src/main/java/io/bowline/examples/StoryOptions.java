// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param address the broker's address
 * @param orders how many orders are sent, at least 1
 * @param database the JDBC address of the services' database; null for an H2 of its own for each
 */
record StoryOptions(String address, int orders, @Nullable String database) {
  static final int DEFAULT_ORDERS = 10_000;

  /**
   * Reads {@code [address] [--orders N] [--database jdbc:…]}; the broker is started only if no
   * address is given.
   */
  static StoryOptions parse(String[] args, Supplier<String> startBroker) {
    String address = null;
    int orders = DEFAULT_ORDERS;
    String database = null;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--orders")) {
        i++;
        orders = orders(i < args.length ? args[i] : "");
      } else if (args[i].equals("--database")) {
        i++;
        database = database(i < args.length ? args[i] : "");
      } else if (args[i].contains("://") && address == null) {
        address = args[i];
      } else {
        throw usage("'" + args[i] + "' is neither an address nor an option");
      }
    }
    return new StoryOptions(address == null ? startBroker.get() : address, orders, database);
  }

  private static int orders(String text) {
    try {
      int orders = Integer.parseInt(text);
      if (orders > 0) {
        return orders;
      }
    } catch (NumberFormatException notANumber) {
      // told below, like a number that is too small
    }
    throw usage("--orders takes a whole number from 1, not '" + text + "'");
  }

  private static String database(String text) {
    if (text.startsWith("jdbc:")) {
      return text;
    }
    throw usage("--database takes an address that begins with jdbc:");
  }

  private static IllegalArgumentException usage(String wrong) {
    return new IllegalArgumentException(
        wrong
            + ". Usage: demo [kafka|rabbitmq|rocketmq] [address] [--orders N]"
            + " [--database jdbc:postgresql://…]");
  }
}
