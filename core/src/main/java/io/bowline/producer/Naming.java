// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.Names;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a message becomes a send: under its own id, or one that is drawn for it. If none can be
 * drawn it is REJECTED here, before anything else happened to it. Thread-safe.
 */
final class Naming {
  private static final String NONE_DRAWN = "no id could be drawn for it";

  private final ProducerSettings settings;
  private final SteadyClock clock;
  private final SendObservations observations;
  private final SendAccounts accounts;

  Naming(
      ProducerSettings settings,
      SteadyClock clock,
      SendObservations observations,
      SendAccounts accounts) {
    this.settings = settings;
    this.clock = clock;
    this.observations = observations;
    this.accounts = accounts;
  }

  /** A send that begins now. */
  PendingSend named(Message message) {
    return named(message, settings.maxBlock(), clock.nanos());
  }

  /**
   * Sends of a batch that began at this moment: their ids are drawn within the time for all of
   * them, and none any more once one could not be drawn.
   */
  List<PendingSend> named(List<Message> messages, long start) {
    List<PendingSend> sends = new ArrayList<>(messages.size());
    boolean drawn = true;
    for (Message message : messages) {
      long began = clock.nanos();
      Duration left = settings.maxBlock().minusNanos(began - start);
      PendingSend send =
          drawn
              ? named(message, left, began)
              : new PendingSend(message, message.id().orElse(""), decisions(), began);
      drawn = drawn && send.failure == null;
      sends.add(send);
    }
    return sends;
  }

  private PendingSend named(Message message, Duration longest, long began) {
    String own = message.id().orElse(null);
    String drawn;
    try {
      drawn = own == null ? settings.ids().next(longest) : own;
    } catch (RuntimeException failed) {
      PendingSend without = new PendingSend(message, "", decisions(), began);
      accounts.notEntered(without, without.failure(Outcome.REJECTED, NONE_DRAWN, failed));
      return without;
    }
    String id = own == null ? Names.required("message id", drawn) : own;
    SendObservation observation = observations.on() ? observations.begin(message.id(id)) : null;
    Message sent = observation == null ? message : observation.message();
    return new PendingSend(sent, id, decisions(), began).observed(observation);
  }

  private Sending decisions() {
    return new Sending(settings.retry(), settings.lastTryNanos());
  }
}
