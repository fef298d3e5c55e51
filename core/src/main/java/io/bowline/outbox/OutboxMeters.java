// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** The figures of a relay, with names as in {@code docs/observability.md}. Thread-safe. */
final class OutboxMeters implements AutoCloseable {
  private final String outbox;
  private final @Nullable MeterSet meters;
  private final @Nullable Counter sent;
  private final @Nullable Counter refused;

  OutboxMeters(@Nullable MeterRegistry registry, String outbox) {
    this.outbox = outbox;
    this.meters = registry == null ? null : new MeterSet(registry);
    this.sent = counter("bowline.outbox.sent", "Messages that the broker confirmed");
    this.refused = counter("bowline.outbox.refused", "Messages that the broker refused");
  }

  private @Nullable Counter counter(String name, String what) {
    return meters == null
        ? null
        : meters.add(Counter.builder(name).description(what).tag("outbox", outbox)::register);
  }

  /** What all relays see alike is shown once, the largest. */
  void shows(String name, String unit, DoubleSupplier value) {
    if (meters != null) {
      Meter.Id gauge =
          new Meter.Id(
              "bowline.outbox." + name, Tags.of("outbox", outbox), unit, name, Meter.Type.GAUGE);
      meters.addLargest(gauge, value);
    }
  }

  void sent() {
    if (sent != null) {
      sent.increment();
    }
  }

  void parked() {
    if (refused != null) {
      refused.increment();
    }
  }

  @Override
  public void close() {
    if (meters != null) {
      meters.close();
    }
  }
}
