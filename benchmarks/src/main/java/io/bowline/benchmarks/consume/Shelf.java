// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.benchmarks.consume.Reader.Entry;
import java.time.Duration;
import java.util.List;

/** A broker with messages to be read, and who reads them. */
interface Shelf extends AutoCloseable {

  /** The broker and its version, for people. */
  String title();

  /** The disciplines, each with settings that all its readers share. */
  List<Discipline> disciplines();

  /** Puts messages where this reader is to read them in its next turn. */
  Task.Place place(Discipline discipline, Entry reader, Fill fill) throws Exception;

  @Override
  void close();

  /**
   * What is compared.
   *
   * @param name as it stands above the table
   * @param perSecond how many messages there are for each second that a turn is to take
   * @param keys how many keys they have
   * @param work how long a handler waits
   */
  record Discipline(String name, long perSecond, int keys, Duration work, List<Entry> entries) {}
}
