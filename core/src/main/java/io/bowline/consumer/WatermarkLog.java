// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Watermark;
import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.transport.OncePerMinute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what producers' watermarks say that they sent, on handler threads, one write at a
 * time: while one lasts, the newest of each chain waits for the next. Thread-safe.
 */
final class WatermarkLog {
  private static final Logger log = LoggerFactory.getLogger(WatermarkLog.class);

  private final SentLog to;
  private final Executor threads;
  private final OncePerMinute warnings = new OncePerMinute();

  /** What is to be written; guarded by this, as the next. */
  private final Map<SentChain, SentMark> news = new HashMap<>();

  private boolean writing;

  WatermarkLog(SentLog to, Executor threads) {
    this.to = to;
    this.threads = threads;
  }

  /** A watermark arrived. */
  void arrived(String topic, Watermark mark) {
    SentChain chain = new SentChain(topic, mark.lane().lane(), mark.source(), mark.epoch());
    Instant at = Instant.ofEpochMilli(mark.at());
    synchronized (this) {
      news.put(chain, new SentMark(chain, mark.lane().promised(), at));
      if (writing) {
        return;
      }
      writing = true;
    }
    threads.execute(this::write);
  }

  private void write() {
    for (List<SentMark> marks = take(); !marks.isEmpty(); marks = take()) {
      try {
        to.add(marks);
      } catch (RuntimeException failure) {
        if (warnings.allows("log")) {
          log.warn(
              "What {} of {} sent cannot be written down for reports; its next watermark says it"
                  + " again. Told at most once a minute",
              marks.get(0).chain().source(),
              marks.get(0).chain().topic(),
              failure);
        }
      }
    }
  }

  private synchronized List<SentMark> take() {
    List<SentMark> taken = new ArrayList<>(news.values());
    news.clear();
    writing = !taken.isEmpty();
    return taken;
  }
}
