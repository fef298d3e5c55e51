// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32C;

/**
 * The digest of bodies of one topic: CRC-32C of the body, exclusive-or CRC-32C of the topic's name
 * in UTF-8. So a body that was changed and a message that came to another topic show. No protection
 * against intent. Immutable and thread-safe.
 */
public final class Digest {
  private final long topic;

  /** Of bodies of this topic. */
  public Digest(String topic) {
    this.topic = crc(topic.getBytes(UTF_8));
  }

  /** The digest of this body, from 0 to 2³² - 1. */
  public long of(byte[] body) {
    return crc(body) ^ topic;
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C(); // that it has its own costs nothing: it does not leave this method
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }
}
