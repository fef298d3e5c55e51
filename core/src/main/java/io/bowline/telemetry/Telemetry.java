// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where figures and traces go: to no registry unless one was given, at the cost of a look for it.
 * Micrometer's global registry is not used by itself, since it would make every program that has
 * one pay. Immutable; what is measured is in {@code docs/observability.md}.
 */
public final class Telemetry {
  /** Nothing is measured and nothing is traced. */
  public static final Telemetry NONE = new Telemetry(null, null);

  private final @Nullable MeterRegistry meters;
  private final @Nullable ObservationRegistry observations;

  private Telemetry(@Nullable MeterRegistry meters, @Nullable ObservationRegistry observations) {
    this.meters = meters;
    this.observations = observations;
  }

  /** The same with figures in this registry. */
  public Telemetry meters(MeterRegistry registry) {
    return new Telemetry(Objects.requireNonNull(registry, "registry"), observations);
  }

  /** The same with each send and each call of a handler observed; a no-op registry is none. */
  public Telemetry observations(ObservationRegistry registry) {
    return new Telemetry(meters, registry.isNoop() ? null : registry);
  }

  /** Where figures go, if anywhere. */
  public Optional<MeterRegistry> meters() {
    return Optional.ofNullable(meters);
  }

  /** Where sends and calls of handlers are observed, if anywhere. */
  public Optional<ObservationRegistry> observations() {
    return Optional.ofNullable(observations);
  }

  /** Whether figures and observations are taken. */
  @Override
  public String toString() {
    return "Telemetry[meters="
        + (meters != null)
        + ", observations="
        + (observations != null)
        + "]";
  }
}
