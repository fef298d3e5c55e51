// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.BrokerEvents;
import io.bowline.transport.OncePerMinute;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the metrics what becomes of one connection. Thread-safe. */
final class ConnectionNews {
  private static final Logger log = LoggerFactory.getLogger(ConnectionNews.class);

  private final String role;
  private final String target;
  private final BrokerEvents events;
  private final Alarms alarms;
  private final OncePerMinute warnings = new OncePerMinute();

  ConnectionNews(String role, String target, BrokerEvents events) {
    this.role = role;
    this.target = target;
    this.events = events;
    this.alarms = new Alarms(events);
  }

  /** Why the broker takes no messages just now, in its words; null if it takes them. */
  @Nullable String blocked() {
    return alarms.reason();
  }

  void connected(String host, boolean again) {
    log.info("Connected to {} at {} for {}", target, host, role);
    if (again) {
      events.restored(role);
    }
  }

  void cannotConnect(Throwable seen) {
    if (warnings.allows("connect")) {
      String why = RabbitVerdicts.describe(seen);
      log.warn("Cannot connect to {} for {}, trying again: {}", target, role, why);
    }
  }

  void lost(Throwable seen) {
    String why = RabbitVerdicts.describe(seen);
    events.lost(role, why);
    if (warnings.allows("lost")) {
      log.warn("Lost the connection to {} for {}, connecting again: {}", target, role, why);
    }
  }

  void blocked(String reason) {
    alarms.raised(reason);
    if (warnings.allows("blocked")) {
      log.warn(
          "RabbitMQ at {} blocked the connection for {}: {}; nothing can be published until its"
              + " alarm is over",
          target,
          role,
          reason);
    }
  }

  void unblocked() {
    alarms.over();
    log.info("RabbitMQ at {} takes messages again", target);
  }

  /** The connection is gone, and with it what was said on it. */
  void over() {
    alarms.over();
  }
}
