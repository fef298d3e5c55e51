// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of one attempt at a message knows: a call of the handler, or the sending of
 * its dead letter. Its carrier are the message's headers. For conventions, filters and handlers of
 * one's own.
 */
public final class HandleContext extends ReceiverContext<Map<String, String>> {
  private final Receiver receiver;
  private final Received message;
  private final Step step;

  /** What is done with the message. */
  public enum Step {
    /** The handler is called. */
    PROCESS("process"),
    /** A copy goes to the dead-letter topic. */
    DEAD_LETTER("dead-letter");

    private final String word;

    Step(String word) {
      this.word = word;
    }

    /** The word for it in observations. */
    public String word() {
      return word;
    }
  }

  /**
   * Who receives.
   *
   * @param system the kind of broker, such as {@code kafka}
   * @param group the consumer's group
   */
  public record Receiver(String system, String group) {}

  HandleContext(Receiver receiver, Received message, Step step) {
    super(HandleContext::get, Kind.CONSUMER);
    this.receiver = receiver;
    this.message = message;
    this.step = step;
    setCarrier(message.headers());
    setRemoteServiceName(receiver.system);
  }

  private static @Nullable String get(@Nullable Map<String, String> headers, String name) {
    return headers == null ? null : headers.get(name);
  }

  /** Who receives. */
  public Receiver receiver() {
    return receiver;
  }

  /** The message. */
  public Received message() {
    return message;
  }

  /** What is done with it. */
  public Step step() {
    return step;
  }
}
