// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.telemetry.MeterSet;
import io.bowline.telemetry.Telemetry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a producer, with names and tags as in {@code docs/observability.md}. Without a
 * registry each call is a look at a field. Topics are told apart up to {@value #MAX_TOPICS},
 * further ones go by {@value #OTHER}. Thread-safe.
 */
final class SendMeters implements AutoCloseable {
  /** The most topics of one producer that are told apart. */
  static final int MAX_TOPICS = 256;

  /** The name of those beyond. */
  static final String OTHER = "(other)";

  private final Map<String, TopicMeters> topics = new ConcurrentHashMap<>();
  private final String source;
  private final @Nullable MeterSet meters;
  private final @Nullable Timer waits;

  SendMeters(Telemetry telemetry, String source) {
    this.source = source;
    this.meters = telemetry.meters().map(MeterSet::new).orElse(null);
    this.waits =
        meters == null
            ? null
            : meters.add(
                Timer.builder("bowline.producer.window.wait")
                        .description(
                            "How long sends waited for room or for a blocked broker, if they had"
                                + " to")
                        .tag("source", source)
                    ::register);
  }

  /** Whether anything is measured: what costs something to find out need not be, otherwise. */
  boolean on() {
    return meters != null;
  }

  /** Shows a number of unresolved messages, and of bytes of their bodies. */
  void inFlight(DoubleSupplier messages, DoubleSupplier bytes) {
    gauge("bowline.producer.inflight.messages", "messages", messages);
    gauge("bowline.producer.inflight.bytes", "bytes", bytes);
  }

  /** Shows the bounds of what may be unresolved. */
  void window(long messages, long bytes) {
    gauge("bowline.producer.window.messages", "messages", () -> messages);
    gauge("bowline.producer.window.bytes", "bytes", () -> bytes);
  }

  private void gauge(String name, String unit, DoubleSupplier value) {
    if (meters != null) {
      String what = name.contains("inflight") ? "Unresolved " : "The most unresolved ";
      Tags tags = Tags.of("source", source);
      meters.addGauge(new Meter.Id(name, tags, unit, what + unit, Meter.Type.GAUGE), value);
    }
  }

  /** A send had to wait for room, or for a blocked broker, this long. */
  void waited(long nanos) {
    if (waits != null) {
      waits.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The figures of a topic; keep them where that is easy. */
  TopicMeters topic(String topic) {
    if (meters == null) {
      return TopicMeters.NONE;
    }
    TopicMeters known = topics.get(topic);
    return known == null ? topicAtFirst(topic, meters) : known;
  }

  private synchronized TopicMeters topicAtFirst(String topic, MeterSet meters) {
    String name = topics.containsKey(topic) || topics.size() < MAX_TOPICS ? topic : OTHER;
    return topics.computeIfAbsent(name, first -> new TopicMeters(meters, source, first));
  }

  /** Takes the meters out of the registry. */
  @Override
  public void close() {
    if (meters != null) {
      meters.close();
    }
  }
}
