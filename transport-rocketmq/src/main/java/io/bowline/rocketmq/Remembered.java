// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last so many places and what was said of each; the oldest is forgotten. For one thread. */
final class Remembered<V> {
  private final Map<Place, V> entries;

  Remembered(int most) {
    entries =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Place, V> eldest) {
            return size() > most;
          }
        };
  }

  @Nullable V get(Place place) {
    return entries.get(place);
  }

  void put(Place place, V value) {
    entries.put(place, value);
  }
}
