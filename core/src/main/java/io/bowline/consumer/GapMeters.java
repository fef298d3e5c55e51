// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.Sight;
import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a consumer's numbers. Without a registry each call is a look at a field.
 * Thread-safe.
 */
final class GapMeters {
  private static final Set<Sight> TOLD =
      EnumSet.of(
          Sight.LATE,
          Sight.DUPLICATE,
          Sight.BASELINE,
          Sight.RESTARTED,
          Sight.ZOMBIE,
          Sight.OTHER_LANE);

  /** Measures nothing. */
  static final GapMeters NONE = new GapMeters();

  private final @Nullable MeterSet meters;
  private final Tags tags;
  private final Map<State, Counter> numbers = new EnumMap<>(State.class);
  private final Map<Sight, Counter> sights = new EnumMap<>(Sight.class);
  private final @Nullable Counter garbled;

  private GapMeters() {
    meters = null;
    tags = Tags.empty();
    garbled = null;
  }

  GapMeters(MeterSet meters, Tags tags) {
    this.meters = meters;
    this.tags = tags;
    for (State state : State.values()) {
      if (state != State.SUSPECT) {
        String change = state == State.GAP ? "found" : state.name().toLowerCase(Locale.ROOT);
        String what = "Numbers of lanes that were missed, and what became of them";
        numbers.put(state, counter("bowline.consumer.gaps", what, tags.and("change", change)));
      }
    }
    for (Sight sight : TOLD) {
      String what = "Messages whose numbers are not simply the next ones of their lanes";
      String seen = sight.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      sights.put(sight, counter("bowline.consumer.numbers", what, tags.and("seen", seen)));
    }
    garbled =
        counter("bowline.consumer.stamps.garbled", "Messages whose stamp cannot be read", tags);
  }

  private Counter counter(String name, String what, Tags by) {
    MeterSet set = meters;
    if (set == null) {
      throw new IllegalStateException("Without a registry nothing is counted: " + name);
    }
    return set.add(Counter.builder(name).description(what).tags(by)::register);
  }

  /** Shows what is open. */
  void open(GapView view) {
    gauge("bowline.consumer.gaps.suspect", "Numbers that may still come", view::suspects);
    gauge("bowline.consumer.gaps.open", "Numbers that are missing", view::missing);
    if (meters != null) {
      Meter.Id age =
          id("bowline.consumer.gaps.age", "seconds", "How long the oldest gap has been missed");
      meters.addLargest(age, view::oldestSeconds);
    }
  }

  private void gauge(String name, String what, DoubleSupplier value) {
    if (meters != null) {
      meters.addGauge(id(name, "numbers", what), value);
    }
  }

  private Meter.Id id(String name, String unit, String what) {
    return new Meter.Id(name, tags, unit, what, Meter.Type.GAUGE);
  }

  /** A gap was found, or changed so. */
  void told(Gap gap) {
    Counter counter = numbers.get(gap.state());
    if (counter != null) {
      counter.increment((double) GapView.numbers(gap));
    }
  }

  /** A message arrived. */
  void saw(Sight sight) {
    Counter counter = meters == null ? null : sights.get(sight);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A message with a stamp that cannot be read arrived. */
  void garbled() {
    if (garbled != null) {
      garbled.increment();
    }
  }
}
