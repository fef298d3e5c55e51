// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * A user's work on one message that goes on after the call returned, without a thread of the
 * consumer. Called by several threads at once, but for one key one at a time and in order: the
 * key's next message waits until the stage has ended. A message may come more than once.
 */
@FunctionalInterface
public interface AsyncHandler {

  /**
   * Begins to work on a message, without blocking. Once the stage completes, with whatever value,
   * the message is acknowledged. A stage that fails, a call that throws and a null stage mean not
   * done: the message is tried again, as one whose {@link Handler} threw.
   *
   * <p>A stage that never completes holds its message, its key and one of the {@link
   * ConsumerBuilder#concurrency}; so give it a timeout, such as {@code orTimeout}. A closing that
   * waits no longer leaves open stages to themselves: how they end then counts for nothing.
   *
   * @throws Unprocessable if trying again cannot help; a stage may fail with it too
   * @throws Exception if it failed
   */
  CompletionStage<?> handle(Received message) throws Exception;

  /**
   * A handler of values: a message whose body the codec cannot read is dead-lettered at once, and
   * the work never sees it.
   */
  static <T> AsyncHandler typed(Codec<T> codec, Typed<T> work) {
    Objects.requireNonNull(codec);
    Objects.requireNonNull(work);
    return message -> work.handle(message.body(codec), message);
  }

  /**
   * A user's work on the value of one message; as an {@link AsyncHandler}.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  interface Typed<T> {

    /**
     * Begins to work on a value; the message says whose it is, where it lay and which attempt this
     * is.
     *
     * @throws Unprocessable if trying again cannot help; a stage may fail with it too
     * @throws Exception if it failed
     */
    CompletionStage<?> handle(T value, Received message) throws Exception;
  }
}
