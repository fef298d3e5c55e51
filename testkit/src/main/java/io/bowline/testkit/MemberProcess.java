// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import io.bowline.transport.Transport;
import io.bowline.transport.Transports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of a member in a process of its own. It reads its orders from standard input, says
 * line by line what it received and settled, and ends when standard input does, so that it never
 * outlives the test that started it.
 */
final class MemberProcess {
  static final String GOT = "got ";
  static final String SETTLED = "settled ";
  private static final Duration WAIT = Duration.ofMillis(200);

  private final MemberOrders orders;
  private final PrintStream out;
  private int toAccept;

  private MemberProcess(MemberOrders orders, PrintStream out) {
    this.orders = orders;
    this.out = out;
    this.toAccept = orders.accepts();
  }

  /** Runs until killed, or until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    // A client's log must not mix with what the parent reads.
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    MemberOrders orders = MemberOrders.read(in);
    Thread watch = new Thread(() -> endWith(in), "parent-watch");
    watch.setDaemon(true);
    watch.start();
    new MemberProcess(orders, new PrintStream(out, true, UTF_8)).run();
  }

  private static void endWith(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing more is said; only the end matters.
      }
    } catch (IOException ended) {
      System.err.println("The parent is gone: " + ended);
    }
    Runtime.getRuntime().halt(0);
  }

  private void run() {
    try (Transport transport = Transports.open(orders.config());
        Subscription subscription = transport.subscribe(orders.spec(), new Indifferent())) {
      out.println(ChildJvm.JOINED);
      while (!Thread.currentThread().isInterrupted()) {
        pump(subscription);
      }
    }
  }

  private void pump(Subscription subscription) {
    List<String> accepted = new ArrayList<>();
    for (Delivery delivery : subscription.poll(10, WAIT)) {
      String text = new String(delivery.body(), UTF_8);
      out.println(GOT + text);
      if (toAccept > 0 && subscription.accept(delivery)) {
        toAccept--;
        accepted.add(text);
      }
    }
    if (!accepted.isEmpty()) {
      subscription.poll(0, Duration.ZERO);
      accepted.forEach(text -> out.println(SETTLED + text));
    }
  }
}
