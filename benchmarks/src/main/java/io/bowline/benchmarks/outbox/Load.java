// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.message.Message;
import java.util.Random;

/** What is sent: 1 KiB of noise under 10,000 keys, the same for all. */
final class Load {
  static final int KEYS = 10_000;
  static final int SIZE = 1_024;
  private static final byte[] BODY = new byte[SIZE];

  static {
    new Random(7).nextBytes(BODY);
  }

  private Load() {}

  /** The key of a message; of keys that come one after the other none is near the next. */
  static String key(long number) {
    return "user-" + Math.floorMod(number * 7919, KEYS);
  }

  static byte[] body() {
    return BODY.clone();
  }

  static Message message(String topic, long number) {
    return Message.to(topic).key(key(number)).body(BODY);
  }
}
