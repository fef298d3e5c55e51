// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The figures of calls of one consumer's handler; thread-safe, and allocates nothing. */
final class CallMeters {
  /** Nothing is measured. */
  static final CallMeters NONE = new CallMeters();

  private final @Nullable Timer succeeded;
  private final @Nullable Timer failed;
  private final @Nullable Timer queue;
  private final @Nullable Counter retries;

  private CallMeters() {
    succeeded = null;
    failed = null;
    queue = null;
    retries = null;
  }

  CallMeters(MeterSet meters, Tags tags) {
    succeeded = calls(meters, tags.and("outcome", "succeeded"));
    failed = calls(meters, tags.and("outcome", "failed"));
    queue =
        meters.add(
            Timer.builder("bowline.consumer.queue")
                    .description("From a message's arrival to the first call of its handler")
                    .tags(tags)
                ::register);
    retries =
        meters.add(
            Counter.builder("bowline.consumer.retries")
                    .description("Calls of the handler for messages that it failed on before")
                    .tags(tags)
                ::register);
  }

  private static Timer calls(MeterSet meters, Tags tags) {
    return meters.add(
        Timer.builder("bowline.consumer.calls")
                .description("Calls of the handler, from their beginning to their end")
                .tags(tags)
            ::register);
  }

  /** A call begins. */
  void began(Work work) {
    if (queue == null || retries == null) {
      return;
    }
    work.callBegan = System.nanoTime();
    if (work.calls > 0) {
      retries.increment();
    } else {
      queue.record(work.callBegan - work.arrived, TimeUnit.NANOSECONDS);
    }
  }

  /** The call ended, well or not. */
  void ended(Work work, boolean well) {
    Timer timer = well ? succeeded : failed;
    if (timer != null) {
      timer.record(System.nanoTime() - work.callBegan, TimeUnit.NANOSECONDS);
    }
  }
}
