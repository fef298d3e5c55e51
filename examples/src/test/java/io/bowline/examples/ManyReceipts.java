// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.consumer.DrainReport;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Received;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Receives very many messages of many keys, in a JVM of its own with little memory, and ends with a
 * line of figures. Message {@code i} has the text {@code i} and the key {@code i % keys}.
 */
final class ManyReceipts {
  /** Generous, since a busy machine is no failure. */
  private static final long MOST_MINUTES = 10;

  private final int keys;
  private final int[] latest;
  private final BitSet seen = new BitSet();
  private final CountDownLatch left;
  private int repeated;
  private int unordered;

  private ManyReceipts(int messages, int keys) {
    this.keys = keys;
    this.latest = new int[keys];
    this.left = new CountDownLatch(messages);
  }

  /** Arguments: the broker's address, a topic, a group, how many messages, how many keys. */
  public static void main(String[] args) throws InterruptedException {
    ManySends.watchParent();
    long start = System.nanoTime();
    ManyReceipts receipts = new ManyReceipts(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    try (Bowline bowline = Bowline.connect(args[0]);
        ReliableConsumer consumer = bowline.consumer(args[1], args[2]).start(receipts::take)) {
      boolean all = receipts.left.await(MOST_MINUTES, TimeUnit.MINUTES);
      long live = ManySends.liveMiB();
      DrainReport report = consumer.close(Duration.ofMinutes(1));
      System.out.printf(
          "all=%b missing=%d settled=%d returned=%d repeated=%d unordered=%d live=%d peak=%d"
              + " seconds=%d%n",
          all,
          receipts.left.getCount(),
          report.settled(),
          report.returned(),
          receipts.repeated,
          receipts.unordered,
          live,
          ManySends.peakMiB(),
          (System.nanoTime() - start) / 1_000_000_000);
    }
  }

  private synchronized void take(Received message) {
    int number = Integer.parseInt(message.text());
    if (seen.get(number)) {
      repeated++;
      return;
    }
    seen.set(number);
    int key = number % keys;
    if (number < latest[key]) {
      unordered++;
    }
    latest[key] = number;
    left.countDown();
  }
}
