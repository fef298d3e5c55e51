// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.telemetry.Telemetry;
import io.bowline.telemetry.Watched;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/** Observes sends, if the user gave a registry for that. Thread-safe. */
final class SendObservations {
  private static final SendConvention CONVENTION = new SendConvention();

  private final @Nullable ObservationRegistry registry;
  private final SendContext.Sender sender;

  SendObservations(Telemetry telemetry, SendContext.Sender sender) {
    this.registry = telemetry.observations().orElse(null);
    this.sender = sender;
  }

  /** Whether sends are observed. */
  boolean on() {
    return registry != null;
  }

  /**
   * Observes a send from now on, as a part of what the calling thread has under observation; null
   * if sends are not observed.
   *
   * @param message the message with its id
   */
  @Nullable SendObservation begin(Message message) {
    if (registry == null) {
      return null;
    }
    SendContext context = new SendContext(sender, message);
    ObservationRegistry to = registry;
    Watched watched =
        Watched.start(() -> Observation.createNotStarted(null, CONVENTION, () -> context, to));
    return watched == null ? null : new SendObservation(watched, context);
  }
}
