// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of numbers that did not arrive. Times are milliseconds since 1970.
 *
 * @param since when a later number arrived
 * @param promisedAt when an arrival said that they were stored ahead of it, or {@link
 *     #NOT_PROMISED}
 * @param told whether it is a gap that was told
 */
record Missing(
    long from, long to, long since, long promisedAt, boolean told, List<KeyNumbers> keys) {
  /** They may still come, however long it takes. */
  static final long NOT_PROMISED = Long.MAX_VALUE;

  static Missing suspect(long from, long to, long since) {
    return new Missing(from, to, since, NOT_PROMISED, false, List.of());
  }

  boolean promised() {
    return promisedAt != NOT_PROMISED;
  }

  Missing part(long from, long to) {
    return new Missing(from, to, since, promisedAt, told, keys);
  }

  Missing promisedAt(long now) {
    return new Missing(from, to, since, now, told, keys);
  }

  Missing asTold() {
    return new Missing(from, to, since, promisedAt, true, keys);
  }

  /** With one more key; the same if it is named already, or there is no room. */
  Missing named(KeyNumbers key) {
    if (keys.size() == Gap.MAX_KEYS || keys.contains(key)) {
      return this;
    }
    List<KeyNumbers> all = new ArrayList<>(keys);
    all.add(key);
    return new Missing(from, to, since, promisedAt, told, all);
  }
}
