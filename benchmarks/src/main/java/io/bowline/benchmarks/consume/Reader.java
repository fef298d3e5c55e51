// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import java.io.IOException;

/** One way to read; at work from its opening on. */
interface Reader extends AutoCloseable {

  /**
   * Ends, with all that was handled acknowledged.
   *
   * @throws IllegalStateException if something is left in memory
   */
  @Override
  void close() throws IOException;

  /** Opens a reader. */
  @FunctionalInterface
  interface Opener {
    Reader open(Task task) throws Exception;
  }

  /**
   * A reader by name.
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
