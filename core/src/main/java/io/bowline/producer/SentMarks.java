// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.producer.ProducerSettings.SentTo;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down, at each interval, how much of each lane was sent: where there are news. */
final class SentMarks {
  private static final Logger log = LoggerFactory.getLogger(SentMarks.class);

  private final SentTo to;
  private final Stamping.Source source;
  private final TopicLanes topics;
  private final SendThreads threads;
  private final SteadyClock clock;
  private final OncePerMinute warnings = new OncePerMinute();

  /** How far each lane was written down; guarded by this. */
  private final Map<Place, Long> written = new HashMap<>();

  SentMarks(SentTo to, Stamping.Source source, TopicLanes topics, LaneNews.Outside outside) {
    this.to = to;
    this.source = source;
    this.topics = topics;
    this.threads = outside.threads();
    this.clock = outside.clock();
  }

  /** Begins to look. */
  void start() {
    again();
  }

  private void again() {
    threads.after(
        SteadyClock.nanos(to.every()), () -> threads.lookups().execute(this::writeAndGoOn));
  }

  private void writeAndGoOn() {
    try {
      write();
    } finally {
      again();
    }
  }

  private synchronized void write() {
    Instant now = clock.instant();
    Map<Place, Long> news = new HashMap<>();
    List<SentMark> marks = new ArrayList<>();
    topics
        .used()
        .forEach(
            lane -> {
              long number = lane.marker.promised();
              Place place = lane.marker.place;
              if (number > written.getOrDefault(place, 0L)) {
                news.put(place, number);
                marks.add(new SentMark(chain(place), number, now));
              }
            });
    if (marks.isEmpty()) {
      return;
    }
    try {
      to.log().add(marks);
      written.putAll(news);
    } catch (RuntimeException failure) {
      if (warnings.allows("log")) {
        log.warn(
            "What {} sent cannot be written down for reports; it is tried again every {}. Told at"
                + " most once a minute",
            source.name(),
            to.every(),
            failure);
      }
    }
  }

  private SentChain chain(Place place) {
    return new SentChain(place.topic(), place.lane(), source.name(), source.epoch());
  }

  /** Writes the last of it down; waits at most this long. */
  void end(Duration longest) {
    try {
      var unused = threads.get(CompletableFuture.runAsync(this::write, threads.lookups()), longest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      log.warn("The last that {} sent may not be written down for reports", source.name(), late);
    }
  }
}
