// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Outgoing;
import java.util.Collections;
import java.util.LinkedHashMap;

/**
 * A message as it lies in its lane.
 *
 * @param since when it was stored, in {@link System#nanoTime}
 */
record StoredMessage(long offset, Outgoing message, long since) {

  /** Keeps a copy, so that nobody changes what is stored. */
  static StoredMessage copyOf(long offset, Outgoing sent) {
    var headers = Collections.unmodifiableMap(new LinkedHashMap<>(sent.headers()));
    byte[] body = sent.body().clone();
    return new StoredMessage(
        offset,
        new Outgoing(sent.messageId(), sent.topic(), sent.lane(), sent.key(), headers, body),
        System.nanoTime());
  }
}
