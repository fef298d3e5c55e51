// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.Bowline;
import io.bowline.consumer.DrainReport;
import io.bowline.consumer.ReliableConsumer;
import java.time.Duration;

/** Bowline's consumer, as a user has it. */
final class BowlineReader implements Reader {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Bowline bowline;
  private final ReliableConsumer consumer;

  private BowlineReader(Bowline bowline, ReliableConsumer consumer) {
    this.bowline = bowline;
    this.consumer = consumer;
  }

  /** With so many handlers at once, and all else by default. */
  static Opener opener(String address, int concurrency) {
    return task -> {
      Bowline bowline = Bowline.connect(address);
      return new BowlineReader(
          bowline,
          bowline
              .consumer(task.place.topic(), task.place.group())
              .concurrency(concurrency)
              .start(message -> task.handle()));
    };
  }

  @Override
  public void close() {
    DrainReport report = consumer.close(PATIENCE);
    bowline.close();
    if (report.returned() > 0) {
      throw new IllegalStateException("Something was left in memory: " + report);
    }
  }
}
