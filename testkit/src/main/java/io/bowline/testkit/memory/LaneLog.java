// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** The messages of one lane, oldest first, kept for groups that come later. Bounded. */
final class LaneLog {
  private final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
  private long next;

  StoredMessage append(Outgoing message) {
    StoredMessage stored = StoredMessage.copyOf(next++, message);
    messages.put(stored.offset(), stored);
    return stored;
  }

  /** Makes room for one more; false if the oldest is still wanted. */
  boolean makeRoom(int capacity, LongPredicate wanted) {
    if (messages.size() < capacity) {
      return true;
    }
    if (wanted.test(messages.firstKey())) {
      return false;
    }
    messages.pollFirstEntry();
    return true;
  }

  /** Forgets the messages that match, and returns their offsets. */
  List<Long> remove(Predicate<Outgoing> which) {
    List<Long> removed = new ArrayList<>();
    messages
        .values()
        .removeIf(stored -> which.test(stored.message()) && removed.add(stored.offset()));
    return removed;
  }

  void forEach(Consumer<StoredMessage> action) {
    messages.values().forEach(action);
  }
}
