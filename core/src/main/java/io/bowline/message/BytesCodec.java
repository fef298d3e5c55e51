// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

/** Bodies as they are, both ways. */
final class BytesCodec implements Codec<byte[]> {
  static final BytesCodec AS_THEY_ARE = new BytesCodec();

  private BytesCodec() {}

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public byte[] encode(byte[] value) {
    return value;
  }

  @Override
  public byte[] decode(Received message) {
    return message.body();
  }

  @Override
  public String toString() {
    return "Codec of bytes";
  }
}
