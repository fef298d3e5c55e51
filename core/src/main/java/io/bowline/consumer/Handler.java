// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;

/**
 * A user's work on one message. Called by several threads at once, but for one key by one at a time
 * and in order. A message may come more than once: after a crash, or when a lane moves.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Works on a message. Returning means done: the message is acknowledged. Throwing anything, an
   * {@link Error} included, means not done: it is tried again.
   *
   * @throws Unprocessable if trying again cannot help: the message is dead-lettered at once
   * @throws Exception if it failed
   */
  void handle(Received message) throws Exception;
}
