// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent: a topic, an optional key, text headers and a body.
 *
 * <p>Immutable and thread-safe; each method that changes something returns a new message. Header
 * values and keys may be any Unicode text, empty included. The body array is not copied: do not
 * change it after handing it over.
 */
public final class Message {
  /** The longest header name, in characters. */
  public static final int MAX_HEADER_NAME = 120;

  private static final byte[] NO_BODY = {};

  private final Address address;
  private final Map<String, String> headers;
  private final byte[] body;

  private record Address(String topic, @Nullable String id, @Nullable String key) {}

  private Message(Address address, Map<String, String> headers, byte[] body) {
    this.address = address;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Starts a message to a topic, without key and headers and with an empty body.
   *
   * @throws IllegalArgumentException if the topic is blank
   */
  public static Message to(String topic) {
    return new Message(new Address(Names.required("topic", topic), null, null), Map.of(), NO_BODY);
  }

  /**
   * A message that arrived, to be sent to another topic, or again: with its id, key, headers and
   * body, and without its stamp, since who sends it writes his own. Header names that a plain
   * client wrote and Bowline would not are percent-encoded.
   *
   * @throws IllegalArgumentException if the topic is blank
   */
  public static Message copyOf(Received received, String topic) {
    Address address =
        new Address(Names.required("topic", topic), received.id(), received.key().orElse(null));
    return new Message(address, CarriedHeaders.of(received.headers()), received.body());
  }

  /** Sets the key. Messages of one key stay in the order in which they were sent. */
  public Message key(String key) {
    Address keyed = new Address(address.topic, address.id, Objects.requireNonNull(key, "key"));
    return new Message(keyed, headers, body);
  }

  /**
   * Sets the message id, which otherwise the producer draws. Use it to send the same business
   * message again under the identity it had.
   *
   * @throws IllegalArgumentException if the id is blank
   */
  public Message id(String id) {
    Address named = new Address(address.topic, Names.required("message id", id), address.key);
    return new Message(named, headers, body);
  }

  /**
   * Adds a header, or replaces the one of that name.
   *
   * @throws IllegalArgumentException if the name is not 1 to 120 printable ASCII characters without
   *     spaces, or is the one that Bowline writes itself ({@value StampCodec#HEADER})
   */
  public Message header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(Names.header(name), Objects.requireNonNull(value, "value"));
    return new Message(address, Collections.unmodifiableMap(more), body);
  }

  /** Adds all of these headers; see {@link #header}. */
  public Message headers(Map<String, String> added) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    added.forEach((name, value) -> more.put(Names.header(name), Objects.requireNonNull(value)));
    return new Message(address, Collections.unmodifiableMap(more), body);
  }

  /** Leaves out the headers whose names match. */
  public Message withoutHeaders(Predicate<String> names) {
    Map<String, String> fewer = new LinkedHashMap<>(headers);
    fewer.keySet().removeIf(names);
    return new Message(address, fewer, body);
  }

  /** Sets the body; the array is not copied. */
  public Message body(byte[] body) {
    return new Message(address, headers, Objects.requireNonNull(body, "body"));
  }

  /** Sets the body to this text in UTF-8. */
  public Message text(String text) {
    return body(text.getBytes(UTF_8));
  }

  /**
   * Sets the body to this value as the codec writes it, and header {@value Codec#CONTENT_TYPE} to
   * what the codec says it is.
   *
   * @throws IllegalArgumentException if the codec cannot write the value
   */
  public <T> Message body(T value, Codec<T> codec) {
    return header(Codec.CONTENT_TYPE, codec.contentType()).body(codec.encode(value));
  }

  /** The topic. */
  public String topic() {
    return address.topic;
  }

  /** The id, if the caller set one. */
  public Optional<String> id() {
    return Optional.ofNullable(address.id);
  }

  /** The key, if there is one. */
  public Optional<String> key() {
    return Optional.ofNullable(address.key);
  }

  /** The headers in the order of their adding; unmodifiable. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body itself, not a copy. */
  public byte[] body() {
    return body;
  }

  /** Names topic, key and sizes, never the body or a header's value. */
  @Override
  public String toString() {
    return "Message[topic="
        + address.topic
        + ", key="
        + address.key
        + ", headers="
        + headers.keySet()
        + ", body="
        + body.length
        + " bytes]";
  }
}
