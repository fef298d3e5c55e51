// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a handler gets: the message as it was sent, its stamp, where it lay and which attempt this
 * is. Immutable and thread-safe; the body array is the message's own, so do not change it.
 */
public final class Received {
  private final Supplier<Origin> place;
  private final @Nullable String key;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Optional<Stamp> stamp;
  private final boolean stampGarbled;
  private final int attempt;

  /** Few ask for it; whoever does first makes it, and another thread makes an equal one. */
  private @Nullable Origin origin;

  /**
   * Where a message lay.
   *
   * @param topic its topic
   * @param lane the lane it came by
   * @param position the broker's own name for the place
   * @param nativeId the id by which a message without stamp goes
   */
  public record Origin(String topic, int lane, String position, String nativeId) {}

  private Received(
      Supplier<Origin> place, @Nullable String key, Map<String, String> all, byte[] body) {
    this.place = place;
    this.key = key;
    this.body = body;
    this.attempt = 1;
    String text = all.get(StampCodec.HEADER);
    this.stamp = text == null ? Optional.empty() : StampCodec.read(text);
    this.stampGarbled = text != null && stamp.isEmpty();
    this.headers = text == null ? all : withoutStamp(all);
  }

  private static Map<String, String> withoutStamp(Map<String, String> all) {
    if (all.size() == 1) {
      return Map.of();
    }
    Map<String, String> users = new LinkedHashMap<>(all);
    users.remove(StampCodec.HEADER);
    return Collections.unmodifiableMap(users);
  }

  /**
   * A message as it arrived, for the first attempt; {@code headers} still hold the stamp's.
   *
   * @param headers unmodifiable
   */
  public static Received of(
      Origin origin, @Nullable String key, Map<String, String> headers, byte[] body) {
    return new Received(() -> origin, key, headers, body);
  }

  /**
   * The same, of a message that is asked for its place only if somebody wants to know it.
   *
   * @param place always gives the same, to any thread
   */
  public static Received of(
      Supplier<Origin> place, @Nullable String key, Map<String, String> headers, byte[] body) {
    return new Received(place, key, headers, body);
  }

  private Received(Received earlier, int attempt) {
    this.place = earlier.place;
    this.origin = earlier.origin;
    this.key = earlier.key;
    this.headers = earlier.headers;
    this.body = earlier.body;
    this.stamp = earlier.stamp;
    this.stampGarbled = earlier.stampGarbled;
    this.attempt = attempt;
  }

  /** The same message at this attempt. */
  public Received atAttempt(int attempt) {
    return attempt == this.attempt ? this : new Received(this, attempt);
  }

  /** The stamp's message id; for a message without a readable stamp the broker's own id. */
  public String id() {
    return stamp.isPresent() ? stamp.get().id() : origin().nativeId;
  }

  /** Where it lay. */
  public Origin origin() {
    Origin known = origin;
    if (known == null) {
      known = place.get();
      origin = known;
    }
    return known;
  }

  /** The topic. */
  public String topic() {
    return origin().topic;
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
    return stamp;
  }

  /**
   * Whether a stamp header is there that this version cannot read: from a newer version, or from a
   * foreign producer. Such a message is delivered like one without stamp.
   */
  public boolean stampGarbled() {
    return stampGarbled;
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
        + topic()
        + ", lane="
        + origin().lane
        + ", position="
        + origin().position
        + ", key="
        + key
        + ", attempt="
        + attempt
        + "]";
  }
}
