// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import java.util.concurrent.Semaphore;

/** How a bare client's user bounds what is under way. Thread-safe. */
final class Window {
  private final int messages;
  private final Semaphore messagesLeft;
  private final Semaphore bytesLeft = new Semaphore((int) Match.WINDOW_BYTES);

  Window(int messages) {
    this.messages = messages;
    this.messagesLeft = new Semaphore(messages);
  }

  /** Only the tighter of the two bounds costs anything. */
  void enter(int size) throws InterruptedException {
    if (byBytes(size)) {
      bytesLeft.acquire(size);
    } else {
      messagesLeft.acquire();
    }
  }

  void leave(int size) {
    if (byBytes(size)) {
      bytesLeft.release(size);
    } else {
      messagesLeft.release();
    }
  }

  private boolean byBytes(int size) {
    return (long) messages * size > Match.WINDOW_BYTES;
  }
}
