// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import java.util.List;

/** A broker, and who competes on it. */
interface Venue extends AutoCloseable {

  /** The broker and its version, for people. */
  String title();

  /** The disciplines, each with settings that all its contestants share. */
  List<Discipline> disciplines();

  /** A topic with nothing in it, for the next turn. */
  String freshTopic(Discipline discipline) throws Exception;

  @Override
  void close();

  /**
   * What is compared.
   *
   * @param name as it stands above the table
   * @param oneByOne whether the sender waits for each confirm
   * @param window the most messages under way
   */
  record Discipline(String name, boolean oneByOne, int window, List<Contestant.Entry> entries) {}
}
