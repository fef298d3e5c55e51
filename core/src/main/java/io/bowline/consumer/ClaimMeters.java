// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** The figures of messages that a dedupe store knew already. Thread-safe. */
final class ClaimMeters {
  /** Nothing is measured. */
  static final ClaimMeters NONE = new ClaimMeters();

  private final @Nullable Counter done;
  private final @Nullable Counter busy;
  private final @Nullable Counter doubtful;

  private ClaimMeters() {
    done = null;
    busy = null;
    doubtful = null;
  }

  ClaimMeters(MeterSet meters, Tags tags) {
    done = counter(meters, tags.and("seen", "done"));
    busy = counter(meters, tags.and("seen", "busy"));
    doubtful = counter(meters, tags.and("seen", "doubtful"));
  }

  private static Counter counter(MeterSet meters, Tags tags) {
    return meters.add(
        Counter.builder("bowline.consumer.duplicates")
                .description("Messages that the dedupe store knew already")
                .tags(tags)
            ::register);
  }

  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  /** It took effect before, and is not handled again. */
  void done() {
    count(done);
  }

  /** Somebody is at work on it. */
  void busy() {
    count(busy);
  }

  /** It may have taken effect twice. */
  void doubtful() {
    count(doubtful);
  }
}
