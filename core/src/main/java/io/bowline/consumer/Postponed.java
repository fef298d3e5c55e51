// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * Thrown by a handler that cannot do its work now, through no fault of the message: what it keeps
 * its effects in is down, full or read-only, or somebody else is at work on the same message. The
 * message is kept, with its key, and handled again after the back-off of {@link
 * ConsumerBuilder#retry}, without limit and without spending an attempt; {@link
 * ReliableConsumer#health} is DEGRADED until a call ends well. To be thrown only where no message
 * would fare better, or where this one will fare better later: it never goes to the dead letters.
 * One that waits for another message of its key throws {@link OutOfTurn} instead.
 */
public final class Postponed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, which is logged. */
  public Postponed(String reason) {
    super(reason);
  }

  /** With the reason and what showed it. */
  public Postponed(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Whether a handler says that its message is for later, without an attempt spent. */
  static boolean isLater(Throwable failure) {
    return failure instanceof Postponed || failure instanceof OutOfTurn;
  }
}
