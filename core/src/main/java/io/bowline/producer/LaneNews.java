// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.producer.ProducerSettings.SentTo;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Tells others how far the lanes of a producer came: in the lanes themselves, and in a log. */
final class LaneNews {
  private final Watermarks watermarks;
  private final @Nullable SentMarks sent;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Whose threads and clock it uses. */
  record Outside(SendThreads threads, SteadyClock clock) {}

  LaneNews(ProducerSettings settings, long epoch, TopicLanes topics, Outside outside) {
    SentTo to = settings.writing().sent();
    watermarks =
        new Watermarks(
            topics, outside.threads, settings.writing().watermarks(), settings.confirmTimeout());
    Stamping.Source source = new Stamping.Source(settings.source(), epoch);
    sent = to == null ? null : new SentMarks(to, source, topics, outside);
  }

  void start() {
    watermarks.start();
    if (sent != null) {
      sent.start();
    }
  }

  /** Tells the last, once; waits at most this long for each. */
  void end(Duration longest) {
    if (ended.getAndSet(true)) {
      return; // its threads may have ended, too
    }
    watermarks.end(longest);
    if (sent != null) {
      sent.end(longest);
    }
  }
}
