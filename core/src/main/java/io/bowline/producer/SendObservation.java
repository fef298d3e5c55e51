// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.telemetry.Watched;
import io.bowline.transport.Receipt;
import io.micrometer.observation.Observation;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One send under observation, from its call to its outcome. Thread-safe. */
final class SendObservation {
  private static final Logger log = LoggerFactory.getLogger(SendObservation.class);
  private static final Observation.Event RETRY = Observation.Event.of("bowline.retry", "retry");

  private final Watched watched;
  private final SendContext context;
  private final Message carried;

  SendObservation(Watched watched, SendContext context) {
    this.watched = watched;
    this.context = context;
    this.carried = carried(context);
  }

  /** The message with the headers by which its consumers go on with the trace. */
  Message message() {
    return carried;
  }

  /** A message's own header of the same name, such as a forwarded one's, gives way. */
  private static Message carried(SendContext context) {
    Map<String, String> headers = context.getCarrier();
    if (headers == null) {
      return context.message();
    }
    try {
      return context.message().headers(headers);
    } catch (RuntimeException notCarried) { // a name that brokers do not carry, or no value
      log.debug("A trace does not go on with message {}", context.message().id(), notCarried);
      return context.message();
    }
  }

  /** The message is sent once more. */
  void retried() {
    watched.event(RETRY);
  }

  /** The broker stored it. */
  void confirmed(Receipt receipt) {
    context.ended(Outcome.CONFIRMED, receipt);
    watched.stop(null);
  }

  /** It was not confirmed. */
  void failed(SendException failure) {
    context.ended(failure.outcome(), null);
    watched.stop(failure);
  }
}
