// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.Bowline;
import io.bowline.benchmarks.consume.Shelf.Discipline;
import io.bowline.message.Message;
import io.bowline.producer.Order;
import io.bowline.producer.ReliableProducer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * The messages of a turn. Bowline sends them, so that all readers get the same bytes, its stamps
 * included.
 *
 * @param messages how many
 * @param size bytes of a body
 * @param keys how many keys they have
 */
record Fill(long messages, int size, int keys) {
  private static final long MOST_BYTES = 1L << 30;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** As many as a turn is to take, but no more than so many bytes. */
  static Fill of(Discipline discipline, int size, Duration turn) {
    long wanted = Math.max(100, discipline.perSecond() * turn.toMillis() / 1000);
    return new Fill(Math.min(wanted, MOST_BYTES / size), size, discipline.keys());
  }

  void into(Bowline bowline, String topic) {
    byte[] body = new byte[size];
    new Random(7).nextBytes(body);
    Random random = new Random(42);
    LongAdder failed = new LongAdder();
    try (ReliableProducer producer =
        bowline.producer("benchmark").order(Order.PIPELINED).window(10_000, 16L << 20).open()) {
      for (long i = 0; i < messages; i++) {
        Message message = Message.to(topic).key("key-" + random.nextInt(keys)).body(body);
        var unused =
            producer
                .send(message)
                .whenComplete((receipt, failure) -> failed.add(failure == null ? 0 : 1));
      }
      if (!producer.flush(PATIENCE).isEmpty() || failed.sum() > 0) {
        throw new IllegalStateException(failed.sum() + " sends to " + topic + " failed");
      }
    }
  }
}
