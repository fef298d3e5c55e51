// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sends that have no outcome yet, at most a window of them. Who removes one ends it, so each
 * ends once. Thread-safe without locks: an array with room to spare, whose places are taken in
 * turn, so that who removes a send touches no other, as lists and maps do.
 */
final class Unresolved {
  private final AtomicReferenceArray<@Nullable PendingSend> places;
  private final int mask;

  /** Where to look for a place next; two threads that read the same do no harm. */
  private int next;

  /** For at most so many at once. */
  Unresolved(int most) {
    int length = Integer.highestOneBit(most + most / 4) * 2;
    places = new AtomicReferenceArray<>(length);
    mask = length - 1;
  }

  void add(PendingSend send) {
    send.unresolved = true; // before it can be found
    int place = next & mask;
    while (!taken(place, send)) {
      place = (place + 1) & mask;
    }
    next = place + 1;
  }

  private boolean taken(int place, PendingSend send) {
    if (places.get(place) != null) {
      return false;
    }
    send.place = place;
    return places.compareAndSet(place, null, send);
  }

  /** Takes a send out; false if it is not in here, or no more. */
  boolean remove(PendingSend send) {
    boolean mine = send.unresolved && places.compareAndSet(send.place, send, null);
    if (mine) {
      send.unresolved = false;
    }
    return mine;
  }

  /** Those in here now; what comes or goes meanwhile may be among them or not. */
  void forEach(Consumer<PendingSend> look) {
    for (int place = 0; place <= mask; place++) {
      PendingSend send = places.get(place);
      if (send != null) {
        look.accept(send);
      }
    }
  }
}
