// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Codec;
import io.bowline.message.Received;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A user's work on several messages at once: of one key and in its order, or all without a key.
 * Called by several threads at once, but for one key by one at a time and in order. A message may
 * come more than once, and in another batch than before.
 */
@FunctionalInterface
public interface BatchHandler {

  /**
   * Works on a batch, all or nothing. Returning means that all are done: they are acknowledged.
   * Throwing anything means that none is: the same batch is tried again. After its last try, or a
   * fatal failure, each of its messages comes alone, in order, as a batch of one with tries of its
   * own; so one that cannot be processed takes none of the others to the dead letters.
   *
   * @param messages at least one; unmodifiable
   * @throws Unprocessable if trying the batch again cannot help
   * @throws Exception if it failed
   */
  void handle(List<Received> messages) throws Exception;

  /**
   * A handler of values: if the codec cannot read one of the bodies, the messages come alone, and
   * that one is dead-lettered.
   */
  static <T> BatchHandler typed(Codec<T> codec, Typed<T> work) {
    Objects.requireNonNull(codec);
    Objects.requireNonNull(work);
    return messages -> {
      List<T> values = new ArrayList<>(messages.size());
      for (Received message : messages) {
        values.add(message.body(codec));
      }
      work.handle(Collections.unmodifiableList(values), messages);
    };
  }

  /**
   * A user's work on the values of a batch; as a {@link BatchHandler}.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  interface Typed<T> {

    /**
     * Works on values; the messages, in the same order, say whose they are and where they lay.
     *
     * @throws Unprocessable if trying the batch again cannot help
     * @throws Exception if it failed
     */
    void handle(List<T> values, List<Received> messages) throws Exception;
  }
}
