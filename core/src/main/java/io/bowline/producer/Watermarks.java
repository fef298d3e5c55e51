// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.producer.LaneMarks.Pace;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all lanes of a producer at each interval, and marks those that need it. */
final class Watermarks {
  private static final Logger log = LoggerFactory.getLogger(Watermarks.class);

  private final TopicLanes topics;
  private final SendThreads threads;
  private final Pace pace;

  /**
   * @param every the interval; zero for no watermarks at all
   * @param confirmTimeout how long the broker has for its answer
   */
  Watermarks(TopicLanes topics, SendThreads threads, Duration every, Duration confirmTimeout) {
    this.topics = topics;
    this.threads = threads;
    this.pace =
        new Pace(SteadyClock.nanos(every), SteadyClock.nanos(confirmTimeout.multipliedBy(2)));
  }

  /** Begins to look. */
  void start() {
    if (pace.interval() > 0) {
      threads.after(pace.interval(), this::look);
    }
  }

  private void look() {
    try {
      topics.used().forEach(lane -> lane.marker.mark(pace));
    } finally {
      threads.after(pace.interval(), this::look);
    }
  }

  /** Marks all lanes that were used as ended; waits at most this long for the broker. */
  void end(Duration longest) {
    if (pace.interval() == 0) {
      return;
    }
    CompletableFuture<?>[] last =
        topics.used().map(lane -> lane.marker.markLast(pace)).toArray(CompletableFuture<?>[]::new);
    try {
      var unused = threads.get(CompletableFuture.allOf(last), longest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      log.debug("Not all lanes are known to be marked as ended", late);
    }
  }
}
