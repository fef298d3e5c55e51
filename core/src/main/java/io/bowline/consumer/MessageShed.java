// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * Why a message lies on a parking topic that no handler has seen: the backlog was high, and {@link
 * ConsumerBuilder#shed} named it as one that can wait. Its name is in the copy.
 */
public final class MessageShed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param why what was left
   */
  MessageShed(String why) {
    super("shed: " + why, null, false, false);
  }
}
