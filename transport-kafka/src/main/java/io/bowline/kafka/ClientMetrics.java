// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What the producer's own metrics tell that its callbacks do not: whether it sent anything twice,
 * and how full its buffer is. Thread-safe.
 */
final class ClientMetrics {
  private static final String GROUP = "producer-metrics";

  private final @Nullable Metric retries;
  private final @Nullable Metric available;
  private final @Nullable Metric total;

  /** A count of retries that was seen, and since when it is not known to have changed. */
  private double steady;

  private long steadySince;

  ClientMetrics(Producer<byte[], byte[]> producer) {
    Map<MetricName, ? extends Metric> all = producer.metrics();
    retries = find(all, "record-retry-total");
    available = find(all, "buffer-available-bytes");
    total = find(all, "buffer-total-bytes");
    look(System.nanoTime());
  }

  private static @Nullable Metric find(Map<MetricName, ? extends Metric> all, String name) {
    for (Map.Entry<MetricName, ? extends Metric> metric : all.entrySet()) {
      if (metric.getKey().group().equals(GROUP) && metric.getKey().name().equals(name)) {
        return metric.getValue();
      }
    }
    return null;
  }

  /** To be called now and then, at a moment of {@link System#nanoTime}. */
  synchronized void look(long now) {
    double seen = read(retries);
    if (seen != steady) {
      steady = seen;
      steadySince = now;
    }
  }

  /**
   * Whether the client may have tried any batch again since that moment; true if it does not tell.
   * The client counts a retry before it makes it.
   */
  synchronized boolean mayHaveTriedAgainSince(long sentAt) {
    double seen = read(retries);
    return seen != 0 && (seen != steady || steadySince - sentAt > 0);
  }

  /** Whether a quarter of the buffer is free; true if the client does not tell. */
  boolean hasRoom() {
    double free = read(available);
    double all = read(total);
    return !(free < all / 4);
  }

  private static double read(@Nullable Metric metric) {
    return metric != null && metric.metricValue() instanceof Double value ? value : Double.NaN;
  }
}
