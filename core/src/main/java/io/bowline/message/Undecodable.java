// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

/**
 * Thrown by a {@link Codec} for a body that it can never read, however often it is tried. A
 * consumer dead-letters the message at once.
 */
public final class Undecodable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * With what is wrong with this message's body. The error names the message's topic, lane, place
   * and id before that.
   *
   * @param problem what was expected, what is there, and where: the type and the position. Never a
   *     part of the body, since errors are logged
   */
  public Undecodable(Received message, String problem) {
    super(
        "Message "
            + message.id()
            + " of "
            + message.topic()
            + " lane "
            + message.origin().lane()
            + " position "
            + message.origin().position()
            + " cannot be decoded: "
            + problem);
  }
}
