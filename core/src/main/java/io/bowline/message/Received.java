// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler gets: the message as it was sent, its stamp, where it lay and which attempt this
 * is. Immutable and thread-safe; the body array is the message's own, so do not change it.
 */
public final class Received {
  private final Origin origin;
  private final @Nullable String key;
  private final Map<String, String> headers;
  private final byte[] body;
  private final StampReading stamp;
  private final int attempt;

  /**
   * Where a message lay.
   *
   * @param topic its topic
   * @param lane the lane it came by
   * @param position the broker's own name for the place
   * @param nativeId the id by which a message without stamp goes
   */
  public record Origin(String topic, int lane, String position, String nativeId) {}

  private record StampReading(Optional<Stamp> stamp, boolean garbled) {}

  private Received(Origin origin, @Nullable String key, Map<String, String> all, Attempt attempt) {
    this.origin = origin;
    this.key = key;
    this.body = attempt.body;
    this.attempt = attempt.number;
    String text = all.get(StampCodec.HEADER);
    if (text == null) {
      this.stamp = new StampReading(Optional.empty(), false);
      this.headers = all;
    } else {
      Optional<Stamp> read = StampCodec.read(text);
      this.stamp = new StampReading(read, read.isEmpty());
      Map<String, String> users = new LinkedHashMap<>(all);
      users.remove(StampCodec.HEADER);
      this.headers = Collections.unmodifiableMap(users);
    }
  }

  private record Attempt(byte[] body, int number) {}

  /**
   * A message as it arrived, for the first attempt; {@code headers} still hold the stamp's.
   *
   * @param headers unmodifiable
   */
  public static Received of(
      Origin origin, @Nullable String key, Map<String, String> headers, byte[] body) {
    return new Received(origin, key, headers, new Attempt(body, 1));
  }

  private Received(Received earlier, int attempt) {
    this.origin = earlier.origin;
    this.key = earlier.key;
    this.headers = earlier.headers;
    this.body = earlier.body;
    this.stamp = earlier.stamp;
    this.attempt = attempt;
  }

  /** The same message at this attempt. */
  public Received atAttempt(int attempt) {
    return attempt == this.attempt ? this : new Received(this, attempt);
  }

  /** The stamp's message id; for a message without a readable stamp the broker's own id. */
  public String id() {
    return stamp.stamp.map(Stamp::id).orElse(origin.nativeId);
  }

  /** Where it lay. */
  public Origin origin() {
    return origin;
  }

  /** The topic. */
  public String topic() {
    return origin.topic;
  }

  /** The key, if it has one. */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /** The sender's headers, without the stamp; unmodifiable. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body; never null. */
  public byte[] body() {
    return body;
  }

  /**
   * The value in the body, as the codec reads it; read anew at each call.
   *
   * @throws Undecodable if this body can never be read so. A handler lets it pass: the message is
   *     then dead-lettered at once
   */
  public <T> T body(Codec<T> codec) {
    return codec.decode(this);
  }

  /**
   * The body read as UTF-8; what is not UTF-8 is replaced by {@code U+FFFD}. Who wants it refused
   * reads {@code body(Codec.text())}.
   */
  public String text() {
    return new String(body, UTF_8);
  }

  /** What Bowline wrote on it; empty if a plain client sent it, or the stamp cannot be read. */
  public Optional<Stamp> stamp() {
    return stamp.stamp;
  }

  /**
   * Whether a stamp header is there that this version cannot read: from a newer version, or from a
   * foreign producer. Such a message is delivered like one without stamp.
   */
  public boolean stampGarbled() {
    return stamp.garbled;
  }

  /** Which attempt at this message this is, from 1: broker redeliveries and retries in place. */
  public int attempt() {
    return attempt;
  }

  /** Names id, place and attempt, never the body or a header's value. */
  @Override
  public String toString() {
    return "Received[id="
        + id()
        + ", topic="
        + origin.topic
        + ", lane="
        + origin.lane
        + ", position="
        + origin.position
        + ", key="
        + key
        + ", attempt="
        + attempt
        + "]";
  }
}
