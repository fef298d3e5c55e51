// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.message.DeadLetterHeaders.AT;
import static io.bowline.message.DeadLetterHeaders.ATTEMPTS;
import static io.bowline.message.DeadLetterHeaders.DEATHS;
import static io.bowline.message.DeadLetterHeaders.EPOCH;
import static io.bowline.message.DeadLetterHeaders.EXCEPTION;
import static io.bowline.message.DeadLetterHeaders.GROUP;
import static io.bowline.message.DeadLetterHeaders.LANE;
import static io.bowline.message.DeadLetterHeaders.NUMBER;
import static io.bowline.message.DeadLetterHeaders.POSITION;
import static io.bowline.message.DeadLetterHeaders.REASON;
import static io.bowline.message.DeadLetterHeaders.SOURCE;
import static io.bowline.message.DeadLetterHeaders.STACK;
import static io.bowline.message.DeadLetterHeaders.TOPIC;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A message as a dead letter: the same id, key, headers and body, and in headers of bounded size
 * why it died and where it lay. Pure.
 */
final class DeadLetterCopy {
  /** The most bytes of a reason, but for the last character. */
  static final int MAX_REASON = 1_000;

  private static final int MAX_SMALL_REASON = 100;
  private static final int MAX_NAME = 250;

  private final String topic;
  private final String group;

  DeadLetterCopy(String topic, String group) {
    this.topic = topic;
    this.group = group;
  }

  /** All that is known: at most 6 KiB of headers beside the message's own. */
  Message full(Received received, Throwable failure, Instant at) {
    return copy(received, at, failure)
        .header(REASON, ShortText.within(MAX_REASON, reason(failure)))
        .header(STACK, StackSummary.of(failure));
  }

  /** Without stack summary and with a shorter reason, for a broker that refused all of it. */
  Message small(Received received, Throwable failure, Instant at) {
    return copy(received, at, failure)
        .header(REASON, ShortText.within(MAX_SMALL_REASON, reason(failure)))
        .withoutHeaders(STACK::equals);
  }

  private Message copy(Received received, Instant at, Throwable failure) {
    Map<String, String> why = new LinkedHashMap<>();
    why.put(EXCEPTION, ShortText.within(MAX_NAME, failure.getClass().getName()));
    why.put(ATTEMPTS, Integer.toString(received.attempt()));
    why.put(DEATHS, Integer.toString(1 + deaths(received)));
    why.put(GROUP, group);
    why.put(AT, at.toString());
    if (!received.headers().containsKey(TOPIC)) {
      putOrigin(received, why);
    }
    return Message.copyOf(received, topic).headers(why);
  }

  /** A dead letter that dies says so beside, and goes on telling where it came from first. */
  private static int deaths(Received received) {
    if (!received.headers().containsKey(TOPIC)) {
      return 0;
    }
    try {
      return Math.max(1, Integer.parseInt(received.headers().getOrDefault(DEATHS, "1")));
    } catch (NumberFormatException garbled) {
      return 1;
    }
  }

  private static void putOrigin(Received received, Map<String, String> why) {
    why.put(TOPIC, received.topic());
    why.put(LANE, Integer.toString(received.origin().lane()));
    why.put(POSITION, ShortText.within(MAX_NAME, received.origin().position()));
    received.stamp().ifPresent(stamp -> put(stamp, why));
  }

  /** Under other names than the copy's own stamp, which numbers the dead letters themselves. */
  private static void put(Stamp stamp, Map<String, String> why) {
    why.put(SOURCE, ShortText.within(MAX_NAME, stamp.source()));
    why.put(EPOCH, Long.toHexString(stamp.epoch()));
    stamp.keyNumber().ifPresent(number -> why.put(NUMBER, Long.toString(number.sequence())));
  }

  private static String reason(Throwable failure) {
    try {
      return Objects.toString(failure.getMessage(), "");
    } catch (RuntimeException | Error unspeakable) { // user code
      return "";
    }
  }
}
