// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.jspecify.annotations.Nullable;

/** Settings of a topic or of a broker, with those that it inherits. Immutable. */
final class KafkaSettings {
  private final Map<String, String> values = new HashMap<>();

  KafkaSettings(@Nullable Config config) {
    if (config != null) {
      for (ConfigEntry entry : config.entries()) {
        if (entry.value() != null) {
          values.put(entry.name(), entry.value());
        }
      }
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A number; this one if the broker does not know the setting. */
  long number(String name, long otherwise) {
    return text(name).map(Long::parseLong).orElse(otherwise);
  }

  boolean isTrue(String name) {
    return text(name).filter("true"::equals).isPresent();
  }

  /** The levels of the features that are finalized. */
  static Map<String, Short> levels(FeatureMetadata features) {
    Map<String, Short> levels = new HashMap<>();
    features
        .finalizedFeatures()
        .forEach((name, range) -> levels.put(name, range.maxVersionLevel()));
    return levels;
  }
}
