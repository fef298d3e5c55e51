// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

/** An outbox that is filled first, and then drained to a topic. */
interface Drain extends AutoCloseable {

  /** Puts so many messages into it, and begins nothing. */
  void fill(int messages) throws Exception;

  /** Sends them, and returns once the broker has all and none waits any more. */
  void drain(int messages) throws Exception;

  @Override
  void close();

  /** Opens one for a turn. */
  @FunctionalInterface
  interface Opener {
    Drain open(Place place, String topic) throws Exception;
  }
}
