// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * Thrown by a handler for a message that may take effect only after another one of its key, which
 * may lie behind it. The message is kept, spends no attempt, never goes to the dead letters and
 * opens no circuit; the later messages of its key that are in memory have their turn, in their
 * order. It is handled again as soon as one of them ended well, and otherwise, once all had their
 * turn, after the back-off of {@link ConsumerBuilder#retry}; one that arrives meanwhile has its
 * turn at once. A batch is kept whole, and nothing passes it. So the order within the key is the
 * handler's own to keep: whoever throws this refuses what is too early.
 */
public final class OutOfTurn extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, which is logged. Without a stack, which says nothing. */
  public OutOfTurn(String reason) {
    super(reason, null, false, false);
  }
}
