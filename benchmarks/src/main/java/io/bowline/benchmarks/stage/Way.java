// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.stage;

/** One way to do a piece of work. Thread-safe. */
public interface Way extends AutoCloseable {

  /** Does a piece, such as giving a message its effect; no number comes twice. */
  void effect(long number) throws Exception;

  @Override
  default void close() {}

  /** Opens a way for a turn. */
  @FunctionalInterface
  interface Opener {

    /** Opens it. */
    Way open() throws Exception;
  }
}
