// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import io.bowline.message.Undecodable;
import java.util.Objects;

/**
 * A user's work on one message. Called by several threads at once, but for one key by one at a time
 * and in order. A message may come more than once: after a crash, or when a lane moves.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Works on a message. Returning means done: the message is acknowledged. Throwing anything, an
   * {@link Error} or {@link InterruptedException} included, means not done: it is tried again,
   * unless {@link ConsumerBuilder#fatal} names its class. A handler is interrupted only by the
   * closing of its consumer: how it ends then counts for nothing, its message comes again.
   *
   * @throws Unprocessable if trying again cannot help: the message is dead-lettered at once
   * @throws Undecodable the same, from a {@link Codec}
   * @throws Exception if it failed
   */
  void handle(Received message) throws Exception;

  /**
   * A handler of values: a message whose body the codec cannot read is dead-lettered at once, and
   * the work never sees it.
   */
  static <T> Handler typed(Codec<T> codec, Typed<T> work) {
    Objects.requireNonNull(codec);
    Objects.requireNonNull(work);
    return message -> work.handle(message.body(codec), message);
  }

  /**
   * A user's work on the value of one message; as a {@link Handler}.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  interface Typed<T> {

    /**
     * Works on a value; the message says whose it is, where it lay and which attempt this is.
     *
     * @throws Unprocessable if trying again cannot help
     * @throws Exception if it failed
     */
    void handle(T value, Received message) throws Exception;
  }
}
