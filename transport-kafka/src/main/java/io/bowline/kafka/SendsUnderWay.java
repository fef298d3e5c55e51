// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaSender.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The sends that wait for an answer. Ends each of them at its deadline: the client's own delivery
 * timeout comes earlier, but late or never while its thread waits for a broker that hangs. As many
 * as the caller has under way. Thread-safe.
 */
final class SendsUnderWay implements AutoCloseable {

  /** How much later than its deadline a send may end. */
  private static final Duration MOST_LATE = Duration.ofMillis(100);

  /** In the order of sending, which is that of the deadlines, but for calls that raced. */
  private final Set<Sending> sends = new LinkedHashSet<>();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "bowline-kafka-deadlines");
            thread.setDaemon(true);
            return thread;
          });

  SendsUnderWay(Duration confirmTimeout) {
    long every = Math.max(1, Math.min(MOST_LATE.toMillis(), confirmTimeout.toMillis() / 10));
    var unused = clock.scheduleWithFixedDelay(this::expire, every, every, TimeUnit.MILLISECONDS);
  }

  synchronized void add(Sending sending) {
    sends.add(sending);
  }

  synchronized void remove(Sending sending) {
    sends.remove(sending);
  }

  synchronized List<Sending> all() {
    return new ArrayList<>(sends);
  }

  private void expire() {
    over(System.nanoTime()).forEach(Sending::expire);
  }

  /** Outside of the lock they complete, since whoever waits for them runs then. */
  private synchronized List<Sending> over(long nowNanos) {
    List<Sending> over = new ArrayList<>();
    for (Iterator<Sending> all = sends.iterator(); all.hasNext(); ) {
      Sending sending = all.next();
      if (!sending.isOver(nowNanos)) {
        break;
      }
      over.add(sending);
      all.remove();
    }
    return over;
  }

  /** Ends what is left. */
  @Override
  public void close() {
    clock.shutdownNow();
    all().forEach(Sending::expire);
  }
}
