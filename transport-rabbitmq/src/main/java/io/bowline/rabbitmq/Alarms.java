// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.BrokerEvents;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The alarms for which the broker takes no messages, told one by one. Thread-safe. */
final class Alarms {
  private final BrokerEvents events;
  private final Set<String> raised = new LinkedHashSet<>();
  private volatile @Nullable String reason;

  Alarms(BrokerEvents events) {
    this.events = events;
  }

  /** What the broker says, such as {@code low on memory & disk}; null while it takes messages. */
  @Nullable String reason() {
    return reason;
  }

  synchronized void raised(String why) {
    reason = why;
    Set<String> now = named(why);
    for (String before : Set.copyOf(raised)) {
      if (!now.contains(before)) {
        events.unblocked(before);
      }
    }
    raised.clear();
    raised.addAll(now);
    now.forEach(cause -> events.blocked(cause, why));
  }

  /** The broker said so, or the connection is gone and with it what it said. */
  synchronized void over() {
    reason = null;
    raised.forEach(events::unblocked);
    raised.clear();
  }

  private static Set<String> named(String why) {
    Set<String> names = new LinkedHashSet<>();
    if (why.contains("memory")) {
      names.add("memory alarm");
    }
    if (why.contains("disk")) {
      names.add("disk alarm");
    }
    return names.isEmpty() ? Set.of("alarm") : names;
  }
}
