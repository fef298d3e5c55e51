// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Health.Status;
import io.bowline.telemetry.MeterSet;
import io.bowline.telemetry.Telemetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a consumer, with names and tags as in {@code docs/observability.md}. Without a
 * registry each call is a look at a field. Thread-safe.
 */
final class ReceiveMeters implements AutoCloseable {
  private final @Nullable MeterSet meters;
  private final Tags tags;
  private final CallMeters calls;
  private final GapMeters gaps;
  private final ClaimMeters claims;
  private final @Nullable Counter acknowledged;
  private final @Nullable Counter lost;
  private final @Nullable Counter deadLettered;
  private final @Nullable Counter parked;
  private final @Nullable Counter shed;
  private final @Nullable Counter redelivered;
  private final @Nullable Counter lanesAssigned;
  private final @Nullable Counter lanesRevoked;
  private final @Nullable Counter lanesLost;
  private @Nullable HeldAge age;

  ReceiveMeters(Telemetry telemetry, String group, String topic) {
    meters = telemetry.meters().map(MeterSet::new).orElse(null);
    tags = Tags.of("group", group, "topic", topic);
    calls = meters == null ? CallMeters.NONE : new CallMeters(meters, tags);
    gaps = meters == null ? GapMeters.NONE : new GapMeters(meters, tags);
    claims = meters == null ? ClaimMeters.NONE : new ClaimMeters(meters, tags);
    acknowledged =
        counter("bowline.consumer.acknowledged", "Messages processed and acknowledged", tags);
    lost =
        counter(
            "bowline.consumer.acknowledgements.lost",
            "Messages processed that were no longer ours, and so come again",
            tags);
    deadLettered =
        counter(
            "bowline.consumer.deadlettered", "Messages acknowledged after their dead letter", tags);
    parked =
        counter(
            "bowline.consumer.parked.messages",
            "Of these, those that followed an earlier one of their key",
            tags);
    shed =
        counter("bowline.consumer.shed", "Messages acknowledged after their copy was parked", tags);
    redelivered =
        counter("bowline.consumer.redelivered", "Arrivals that are not the first one", tags);
    lanesAssigned = lanes("assigned");
    lanesRevoked = lanes("revoked");
    lanesLost = lanes("lost");
  }

  private @Nullable Counter lanes(String change) {
    return counter(
        "bowline.consumer.lanes", "Lanes that came and went", tags.and("change", change));
  }

  private @Nullable Counter counter(String name, String what, Tags by) {
    return meters == null
        ? null
        : meters.add(Counter.builder(name).description(what).tags(by)::register);
  }

  private static void count(@Nullable Counter counter, int times) {
    if (counter != null && times > 0) {
      counter.increment(times);
    }
  }

  /** Whether anything is measured. */
  boolean on() {
    return meters != null;
  }

  /** What is measured of the calls of its handler. */
  CallMeters calls() {
    return calls;
  }

  /** What is measured of numbers. */
  GapMeters gaps() {
    return gaps;
  }

  /** What is measured of messages that took effect before. */
  ClaimMeters claims() {
    return claims;
  }

  /** Shows what is in memory: messages, and bytes of their bodies. */
  void held(DoubleSupplier messages, DoubleSupplier bytes) {
    gauge("bowline.consumer.held.messages", "messages", messages);
    gauge("bowline.consumer.held.bytes", "bytes", bytes);
  }

  /** Shows the bounds of what may be in memory. */
  void bound(long messages, long bytes) {
    gauge("bowline.consumer.bound.messages", "messages", () -> messages);
    gauge("bowline.consumer.bound.bytes", "bytes", () -> bytes);
  }

  private void gauge(String name, String unit, DoubleSupplier value) {
    if (meters != null) {
      String what = name.contains("held") ? "In memory, not settled: " : "The most in memory: ";
      meters.addGauge(id(name, unit, what + unit), value);
    }
  }

  private Meter.Id id(String name, String unit, String what) {
    return new Meter.Id(name, tags, unit, what, Meter.Type.GAUGE);
  }

  /** Shows how old the oldest message in memory is. */
  void age(Clock clock) {
    if (meters != null) {
      HeldAge looked = new HeldAge(clock);
      age = looked;
      meters.addLargest(
          id("bowline.consumer.held.age", "seconds", "Age of the oldest message in memory"),
          looked::seconds);
    }
  }

  /** Shows how many keys are parked. */
  void parkedKeys(DoubleSupplier keys) {
    if (meters != null) {
      meters.addGauge(id("bowline.consumer.parked.keys", "keys", "Keys that are parked"), keys);
    }
  }

  /** Shows what is left for the group; each member tells of the whole, so they do not add up. */
  void lag(DoubleSupplier messages) {
    if (meters != null) {
      meters.addLargest(
          id("bowline.consumer.lag", "messages", "Messages that the group has not acknowledged"),
          messages);
    }
  }

  /** Shows how it is: a 1 at its status. */
  void health(Supplier<Health> health) {
    if (meters == null) {
      return;
    }
    for (Status status : Status.values()) {
      Tags by = tags.and("status", status.name().toLowerCase(Locale.ROOT));
      Meter.Id id =
          new Meter.Id(
              "bowline.consumer.health", by, null, "Consumers of a status", Meter.Type.GAUGE);
      meters.addGauge(id, () -> health.get().status() == status ? 1 : 0);
    }
  }

  /** A message was acknowledged, perhaps after its dead letter. */
  void acknowledged(Work work) {
    boolean diverted = work.sifted == Work.Sifted.SHED && !work.failedLast;
    count(diverted ? shed : work.failedLast ? deadLettered : acknowledged, 1);
    if (work.followed) {
      count(parked, 1);
    }
  }

  /** Now and then: what is in memory. */
  void seen(HeldWork held) {
    if (age != null) {
      age.look(held);
    }
  }

  /** A message was processed, but is no longer ours. */
  void lost() {
    count(lost, 1);
  }

  /** A message arrived, for so many times as far as the broker or the member counts. */
  void arrived(int attempt) {
    if (attempt > 1) {
      count(redelivered, 1);
    }
  }

  void lanesAssigned(int lanes) {
    count(lanesAssigned, lanes);
  }

  void lanesRevoked(int lanes) {
    count(lanesRevoked, lanes);
  }

  void lanesLost(int lanes) {
    count(lanesLost, lanes);
  }

  /** Takes the meters out of the registry. */
  @Override
  public void close() {
    if (meters != null) {
      meters.close();
    }
  }
}
