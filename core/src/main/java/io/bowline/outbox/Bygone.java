// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.util.HashMap;
import java.util.Map;

/**
 * What ended while it was read, by its number or name: a reading that began before may still show
 * it, and it must not begin anew for that. Readings are numbered in the order in which they begin.
 * Pure.
 */
final class Bygone {
  private final Map<Object, Long> last = new HashMap<>();

  /** It ended; no reading later than this shows it. */
  void add(Object what, long reading) {
    last.put(what, reading);
  }

  boolean contains(Object what) {
    return last.containsKey(what);
  }

  /** All readings up to this one were looked at. */
  void forget(long reading) {
    last.values().removeIf(shown -> shown <= reading);
  }
}
