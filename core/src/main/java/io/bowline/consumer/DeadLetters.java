// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.producer.ReliableProducer;
import io.bowline.transport.Receipt;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Copies of messages that could not be processed, on a topic of their own: same id, key, headers
 * and body, with the reason in headers. The original is acknowledged only after the copy is
 * confirmed.
 */
final class DeadLetters {
  /** What all headers of a dead letter begin with. */
  static final String PREFIX = "bowline-dead-";

  private static final int MAX_REASON = 1_000;

  private final String topic;
  private final ReliableProducer producer;
  private final Copying copying;

  /** Whose messages are copied, when, and who watches. */
  record Copying(String group, Clock clock, HandleObservations observations) {}

  DeadLetters(String topic, ReliableProducer producer, Copying copying) {
    this.topic = topic;
    this.producer = producer;
    this.copying = copying;
  }

  CompletableFuture<Receipt> send(Received received, Throwable failure) {
    Message copy = copy(received, failure);
    return copying.observations.deadLetter(received, () -> producer.send(copy));
  }

  /** A copy of a copy tells of the last failure; an earlier one's headers are overwritten. */
  private Message copy(Received received, Throwable failure) {
    Map<String, String> why = new LinkedHashMap<>();
    why.put(PREFIX + "reason", reason(failure));
    why.put(PREFIX + "exception", failure.getClass().getName());
    why.put(PREFIX + "attempts", Integer.toString(received.attempt()));
    why.put(PREFIX + "group", copying.group);
    why.put(PREFIX + "topic", received.topic());
    why.put(PREFIX + "lane", Integer.toString(received.origin().lane()));
    why.put(PREFIX + "position", received.origin().position());
    why.put(PREFIX + "at", copying.clock.instant().toString());
    received.stamp().ifPresent(stamp -> put(stamp, why));
    Message copy =
        Message.to(topic)
            .id(received.id())
            .headers(carried(received.headers()))
            .headers(why)
            .body(received.body());
    return received.key().map(copy::key).orElse(copy);
  }

  /** Under other names than the copy's own stamp, which numbers the dead letters themselves. */
  private static void put(Stamp stamp, Map<String, String> why) {
    why.put(PREFIX + "source", stamp.source());
    why.put(PREFIX + "epoch", Long.toHexString(stamp.epoch()));
    stamp
        .keyNumber()
        .ifPresent(number -> why.put(PREFIX + "number", Long.toString(number.sequence())));
  }

  /**
   * Names that a plain client wrote and Bowline would not are percent-encoded; too long ones are
   * cut, with a hash for the rest.
   */
  private static Map<String, String> carried(Map<String, String> headers) {
    Map<String, String> carried = new LinkedHashMap<>();
    headers.forEach((name, value) -> carried.put(carried(name), value));
    return carried;
  }

  private static String carried(String name) {
    boolean plain = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127);
    String encoded = plain ? name : URLEncoder.encode(name, UTF_8).replace("+", "%20");
    if (encoded.isEmpty()) {
      return PREFIX + "unnamed";
    }
    return encoded.length() <= Message.MAX_HEADER_NAME
        ? encoded
        : encoded.substring(0, Message.MAX_HEADER_NAME - 9)
            + "~"
            + HexFormat.of().toHexDigits(name.hashCode());
  }

  private static String reason(Throwable failure) {
    String reason;
    try {
      reason = Objects.toString(failure.getMessage(), "");
    } catch (RuntimeException | Error unspeakable) { // user code
      reason = "";
    }
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
  }

  String topic() {
    return topic;
  }

  /** Gives up what is under way: its original was not acknowledged, and comes again. */
  void close() {
    producer.close(Duration.ZERO);
  }
}
