// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Stamp.KeyNumber;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The messages of one key on their way: one is being sent, the others wait for it, so that no retry
 * can overtake. It draws the key's numbers. Guarded by its lane's lock.
 */
final class KeyLine {
  /** What waits behind the message being sent; bounded by the window. */
  final Queue<PendingSend> waiting = new ArrayDeque<>(0);

  boolean busy;
  private long last;
  private long voided;
  private boolean first = true;

  /** Numbers begin after this one. */
  KeyLine(long last) {
    this.last = last;
  }

  KeyNumber next() {
    last++;
    return new KeyNumber(last, voided, first);
  }

  /** The last number reached the broker. */
  void confirmed() {
    voided = 0;
    first = false;
  }

  /** The last number provably never reached the broker: the next message takes it. */
  void takeBack() {
    last--;
  }

  /** The last number may or may not reach consumers: the next message says not to wait for it. */
  void giveUp() {
    voided++;
  }

  long last() {
    return last;
  }
}
