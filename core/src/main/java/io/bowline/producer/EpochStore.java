// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.OptionalLong;

/**
 * Remembers the last epoch of each source, so that a producer can say which one it follows. Of one
 * source one producer is open at a time: what an earlier one sends afterwards is told as a zombie's
 * by consumers. Thread-safe.
 */
public interface EpochStore {

  /**
   * A producer of this source begins: remembers its epoch.
   *
   * @return the epoch remembered before, which the new one follows; empty if there is none
   * @throws RuntimeException if that is not possible: the producer is not opened
   */
  OptionalLong begin(String source, long epoch);

  /** The producer was closed, and sends nothing more. Does nothing by default. */
  default void end(String source, long epoch) {}
}
