// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.BodyCheck;
import io.bowline.gap.Sight;
import io.bowline.message.Received;
import io.bowline.transport.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of messages that are not what they should be. Confined to the polling thread. */
final class ArrivalChecks {
  private static final Logger log = LoggerFactory.getLogger(ArrivalChecks.class);

  private final BodyCheck bodies;
  private final GapMeters meters;
  private final OncePerMinute warnings = new OncePerMinute();

  /** For what arrives from this topic. */
  ArrivalChecks(String topic, GapMeters meters) {
    this.bodies = new BodyCheck(topic);
    this.meters = meters;
  }

  /** A message arrived. */
  void arrived(Received message) {
    if (message.stampGarbled()) {
      garbled(message);
      return;
    }
    switch (bodies.look(message)) {
      case CHANGED -> {
        if (warnings.allows("changed")) {
          log.warn(
              "{} does not fit its digest: its body was changed on the way, or it was sent to"
                  + " another topic. It is delivered as it is. Told at most once a minute",
              message);
        }
      }
      case OTHER_TOPIC -> {
        if (warnings.allows("topic")) {
          log.warn(
              "{} was sent to another topic, like one before it: somebody copies messages here. It"
                  + " is delivered as it is. Told at most once a minute",
              message);
        }
      }
      case AS_SENT, NOT_TOLD -> {}
    }
  }

  private void garbled(Received message) {
    meters.garbled();
    if (warnings.allows("garbled")) {
      log.warn(
          "{} has a stamp that cannot be read, from a foreign producer or a newer version: it is"
              + " delivered without identity and number. Told at most once a minute",
          message);
    }
  }

  /** What it turned out to be among the numbers of its lane. */
  void saw(Sight sight, Received message) {
    meters.saw(sight);
    if (sight == Sight.ZOMBIE && warnings.allows("zombie")) {
      log.warn(
          "{} is new, and comes from a producer whose successor has sent already: that one should"
              + " have ended. Told at most once a minute",
          message);
    } else if (sight == Sight.OTHER_LANE && warnings.allows("lane")) {
      log.warn(
          "{} came by another lane than its producer chose, so that its number cannot be looked at:"
              + " somebody moved it. Told at most once a minute",
          message);
    }
  }
}
