// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

/**
 * One way to send. Used by one thread at a time; every outcome is told to the tally that it was
 * opened with.
 */
interface Contestant extends AutoCloseable {

  /** Sends a message and returns once it is under way; waits while the window is full. */
  void send(String topic, String key, byte[] body) throws Exception;

  /** Sends a message and waits for its confirm; tells the tally nothing. */
  void sendAndWait(String topic, String key, byte[] body) throws Exception;

  @Override
  void close();

  /** Opens a contestant. */
  @FunctionalInterface
  interface Opener {
    Contestant open(Tally tally) throws Exception;
  }

  /**
   * A contestant by name.
   *
   * @param name as it stands in the table
   * @param yardstick the name of the one it is measured against; its own if it is one itself
   */
  record Entry(String name, String yardstick, Opener opener) {

    /** Something that others are measured against. */
    static Entry yardstick(String name, Opener opener) {
      return new Entry(name, name, opener);
    }
  }
}
