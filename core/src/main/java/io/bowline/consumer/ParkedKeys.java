// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose messages follow an earlier one to the dead letters, each with the id of that one.
 * In memory only, and bounded. It has no threads and no clock. Thread-safe.
 */
final class ParkedKeys {
  private final int most;
  private final Map<String, String> parked = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param most how many keys can be parked at once
   */
  ParkedKeys(int most) {
    this.most = most;
  }

  /** Parks a key for this message; false if too many are, and this one is not. */
  boolean park(String key, String id) {
    lock.lock();
    try {
      if (parked.size() >= most && !parked.containsKey(key)) {
        return false;
      }
      parked.putIfAbsent(key, id);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The message that the key was parked for; null if it is not parked. */
  @Nullable String parkedFor(String key) {
    return parked.get(key);
  }

  /** The next message of the key is handled again; false if it was not parked. */
  boolean unpark(String key) {
    return parked.remove(key) != null;
  }

  /** The parked keys, as they are now. */
  Set<String> keys() {
    return Set.copyOf(parked.keySet());
  }

  int size() {
    return parked.size();
  }

  int most() {
    return most;
  }
}
