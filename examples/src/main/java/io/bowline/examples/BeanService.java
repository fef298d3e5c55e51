// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Deducts beans; a process of its own. It tells each deduction in a line on standard output, which
 * is how the story keeps its ledger, and ends when its standard input does.
 */
public final class BeanService {
  static final String GROUP = "bean-service";
  static final String DEDUCTED = "deducted ";

  private static final int BEANS_AT_FIRST = 1_000_000;

  private final Map<String, Integer> beans = new ConcurrentHashMap<>();
  private final PrintStream out;

  private BeanService(PrintStream out) {
    this.out = out;
  }

  /** Arguments: the broker's address and the topic of orders. */
  public static void main(String[] args) throws IOException {
    BeanService service = new BeanService(System.out);
    try (Bowline bowline = Bowline.connect(args[0])) {
      // Closed, and so drained, together with the connection.
      bowline
          .consumer(args[1], GROUP)
          .retry(Retry.attempts(5).backoff(Duration.ofMillis(100), Duration.ofSeconds(5)))
          .deadLetters(args[1] + ".dead")
          .start(service::deduct);
      int end = System.in.read();
      while (end >= 0) {
        end = System.in.read();
      }
    }
  }

  private void deduct(Received message) {
    Order order = parse(message);
    beans.merge(
        order.user(), BEANS_AT_FIRST - order.beans(), (left, first) -> left - order.beans());
    String line = DEDUCTED + order.text() + "\n";
    synchronized (out) {
      out.print(line);
      out.flush();
    }
  }

  private static Order parse(Received message) {
    try {
      return Order.parse(message.text());
    } catch (RuntimeException malformed) {
      throw new Unprocessable("Not an order: " + message.id(), malformed);
    }
  }
}
