// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

/**
 * How values of one type become bodies, and bodies become values again.
 *
 * <p>{@code Message.to("orders").body(order, codec)} writes one, {@code received.body(codec)} reads
 * it. A codec is called by several threads at once and must be thread-safe. Its {@code toString}
 * names the type, since errors and logs show it.
 *
 * @param <T> the type of the values, without null
 */
public interface Codec<T> {

  /** The header that says what a body is: {@value}. */
  String CONTENT_TYPE = "content-type";

  /** What this codec's bodies are, as a media type: the value of header {@value #CONTENT_TYPE}. */
  String contentType();

  /**
   * The body for a value.
   *
   * @throws IllegalArgumentException if the value cannot be written
   */
  byte[] encode(T value);

  /**
   * The value in a message's body; headers may say how to read it.
   *
   * @throws Undecodable if the body can never be read, however often it is tried. Anything else
   *     that is thrown, such as for a schema registry that does not answer, is a failure like any
   *     other: the message is tried again
   */
  T decode(Received message);

  /** Text in UTF-8, {@code text/plain;charset=utf-8}; a body that is not UTF-8 is undecodable. */
  static Codec<String> text() {
    return TextCodec.UTF_8_TEXT;
  }

  /** The bytes as they are, {@code application/octet-stream}; the arrays are not copied. */
  static Codec<byte[]> bytes() {
    return BytesCodec.AS_THEY_ARE;
  }
}
