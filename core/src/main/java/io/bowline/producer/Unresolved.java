// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sends that have no outcome yet, at most a window of them. Who removes one ends it, so each
 * ends once. Thread-safe: linked lists under several locks, since a hash set costs each message
 * more than all the rest of its accounts.
 */
final class Unresolved {
  private static final int STRIPES = 16;

  private final Stripe[] stripes = new Stripe[STRIPES];

  /** Spreads the sends; two threads that draw the same number do no harm. */
  private int next;

  private static final class Stripe {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable PendingSend newest;
  }

  Unresolved() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  void add(PendingSend send) {
    int mine = next++ & (STRIPES - 1);
    send.stripe = mine;
    Stripe stripe = stripes[mine];
    stripe.lock.lock();
    try {
      PendingSend before = stripe.newest;
      send.older = before;
      if (before != null) {
        before.newer = send;
      }
      stripe.newest = send;
      send.unresolved = true;
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Takes a send out; false if it is not in here, or no more. */
  boolean remove(PendingSend send) {
    if (!send.unresolved) {
      return false;
    }
    Stripe stripe = stripes[send.stripe];
    stripe.lock.lock();
    try {
      if (!send.unresolved) {
        return false;
      }
      send.unresolved = false;
      PendingSend older = send.older;
      PendingSend newer = send.newer;
      if (older != null) {
        older.newer = newer;
      }
      if (newer != null) {
        newer.older = older;
      } else {
        stripe.newest = older;
      }
      send.older = null;
      send.newer = null;
      return true;
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Those in here now, looked at without a lock. */
  void forEach(Consumer<PendingSend> look) {
    List<PendingSend> found = new ArrayList<>();
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        for (PendingSend send = stripe.newest; send != null; send = send.older) {
          found.add(send);
        }
      } finally {
        stripe.lock.unlock();
      }
    }
    found.forEach(look);
  }
}
