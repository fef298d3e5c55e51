// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.transport.Receipt;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a send knows: from the call of {@code send} to the outcome, through every
 * try. What is set in its carrier before the start ends goes out as headers of the message, the
 * same at every try. For conventions, filters and handlers of one's own.
 */
public final class SendContext extends SenderContext<Map<String, String>> {
  private final Message message;
  private final Sender sender;
  private volatile @Nullable Outcome outcome;
  private volatile @Nullable Receipt receipt;

  /**
   * Who sends.
   *
   * @param system the kind of broker, such as {@code kafka}
   * @param source the producer's source
   */
  public record Sender(String system, String source) {}

  SendContext(Sender sender, Message message) {
    super(SendContext::set, Kind.PRODUCER);
    this.sender = sender;
    this.message = message;
    setCarrier(new LinkedHashMap<>());
    setRemoteServiceName(sender.system);
  }

  private static void set(@Nullable Map<String, String> headers, String name, String value) {
    if (headers != null) {
      headers.put(name, value);
    }
  }

  /** Who sends. */
  public Sender sender() {
    return sender;
  }

  /** The message, with its id, without the headers that the observation adds. */
  public Message message() {
    return message;
  }

  /** How the send ended; empty until it did. */
  public Optional<Outcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /** Where the message lies, once it was confirmed. */
  public Optional<Receipt> receipt() {
    return Optional.ofNullable(receipt);
  }

  void ended(Outcome outcome, @Nullable Receipt receipt) {
    this.outcome = outcome;
    this.receipt = receipt;
  }
}
