// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Random;

/**
 * Sends very many messages as fast as the window lets it and keeps none of their futures, in a JVM
 * of its own with little memory. Ends with a line of figures.
 */
final class ManySends {
  /** More than a producer remembers, so that forgetting keys is part of it. */
  private static final int KEYS = 200_000;

  private static final int BODY_BYTES = 500;

  /** Generous, since a busy machine is no failure. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private ManySends() {}

  /** Arguments: the broker's address, a topic that exists, how many messages. */
  public static void main(String[] args) {
    watchParent();
    long start = System.nanoTime();
    int sends = Integer.parseInt(args[2]);
    try (Bowline bowline = Bowline.connect(args[0]);
        ReliableProducer producer =
            bowline.producer("many").maxBlock(LONGEST).deadline(LONGEST).open()) {
      byte[] body = new byte[BODY_BYTES];
      new Random(1).nextBytes(body);
      for (int i = 0; i < sends; i++) {
        var unused = producer.send(Message.to(args[1]).key("key-" + i % KEYS).body(body.clone()));
      }
      int unresolved = producer.flush(LONGEST).size();
      long live = liveMiB();
      SendReport report = producer.close(LONGEST);
      System.out.printf(
          "confirmed=%d rejected=%d unknown=%d unresolved=%d live=%d peak=%d seconds=%d%n",
          report.confirmed(),
          report.rejected(),
          report.unknown(),
          unresolved,
          live,
          peakMiB(),
          (System.nanoTime() - start) / 1_000_000_000);
    }
  }

  /** What is still held when all is done. */
  @SuppressWarnings("SystemGc") // the question is what no collection can free
  static long liveMiB() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  /** The most that was ever held, garbage included. */
  static long peakMiB() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(peak -> peak.getUsed())
            .sum()
        >> 20;
  }

  /** Ends this JVM when its parent does. */
  static void watchParent() {
    Thread watch = new Thread(ManySends::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said; only the end matters.
      }
    } catch (IOException ended) {
      System.err.println("The parent is gone: " + ended);
    }
    Runtime.getRuntime().halt(3);
  }
}
