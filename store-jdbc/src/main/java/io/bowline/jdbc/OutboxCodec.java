// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as it lies in an outbox: version 1; topic, id; whether there is a key, and that; the
 * number of headers, and those; the body. Each text and the body is its length in 4 bytes and its
 * bytes, text in UTF-8. The order of bytes is the network's.
 */
final class OutboxCodec {
  private static final int VERSION = 1;

  private OutboxCodec() {}

  /** A message that has an id. */
  static byte[] encode(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.body().length + 128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(out, message.topic().getBytes(UTF_8));
      write(out, message.id().orElseThrow().getBytes(UTF_8));
      out.writeBoolean(message.key().isPresent());
      write(out, message.key().orElse("").getBytes(UTF_8));
      out.writeInt(message.headers().size());
      for (Map.Entry<String, String> header : message.headers().entrySet()) {
        write(out, header.getKey().getBytes(UTF_8));
        write(out, header.getValue().getBytes(UTF_8));
      }
      write(out, message.body());
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Memory does not fail", e);
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * The message of such bytes.
   *
   * @throws IllegalStateException if they are none that this version knows
   */
  static Message decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "A message in an outbox is of version "
                + version
                + ", but this relay knows version "
                + VERSION
                + ": it was appended by a later Bowline, so update the relay");
      }
      Message message = Message.to(text(in)).id(text(in));
      boolean keyed = in.readBoolean();
      String key = text(in);
      int headers = in.readInt();
      Map<String, String> all = new LinkedHashMap<>();
      for (int i = 0; i < headers; i++) {
        all.put(text(in), text(in));
      }
      Message whole = message.headers(all).body(read(in));
      return keyed ? whole.key(key) : whole;
    } catch (IOException e) {
      throw new IllegalStateException("A message in an outbox is cut short", e);
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(read(in), UTF_8);
  }

  private static byte[] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("A part of " + length + " bytes, where " + in.available() + " follow");
    }
    return in.readNBytes(length);
  }
}
