// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The figures of what one producer sends to one topic; thread-safe, and allocates nothing. */
final class TopicMeters {
  /** Nothing is measured. */
  static final TopicMeters NONE = new TopicMeters();

  private final @Nullable Timer confirmed;
  private final @Nullable Timer rejected;
  private final @Nullable Timer unknown;
  private final @Nullable Counter retries;
  private final @Nullable Counter reordered;

  private TopicMeters() {
    confirmed = null;
    rejected = null;
    unknown = null;
    retries = null;
    reordered = null;
  }

  TopicMeters(MeterSet meters, String source, String topic) {
    Registration in = new Registration(meters, source, topic);
    confirmed = in.outcome(Outcome.CONFIRMED);
    rejected = in.outcome(Outcome.REJECTED);
    unknown = in.outcome(Outcome.UNKNOWN);
    retries = in.count("bowline.producer.retries", "Tries of sends after the first");
    reordered =
        in.count("bowline.producer.reordered", "Messages confirmed after later ones of their key");
  }

  private record Registration(MeterSet meters, String source, String topic) {
    Timer outcome(Outcome outcome) {
      return meters.add(
          Timer.builder("bowline.producer.sends")
                  .description("Sends, from the call to the outcome")
                  .tags("source", source, "topic", topic, "outcome", tag(outcome))
              ::register);
    }

    Counter count(String name, String what) {
      return meters.add(
          Counter.builder(name).description(what).tags("source", source, "topic", topic)::register);
    }
  }

  /** An outcome as a tag's value. */
  static String tag(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /** A send ended, so long after its call. */
  void ended(Outcome outcome, long nanos) {
    Timer timer =
        switch (outcome) {
          case CONFIRMED -> confirmed;
          case REJECTED -> rejected;
          case UNKNOWN -> unknown;
        };
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** A message is sent once more. */
  void retried() {
    if (retries != null) {
      retries.increment();
    }
  }

  /** A message was confirmed after later ones of its key. */
  void reordered() {
    if (reordered != null) {
      reordered.increment();
    }
  }
}
