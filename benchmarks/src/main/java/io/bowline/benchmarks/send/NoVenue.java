// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.benchmarks.send.Contestant.Entry;
import java.util.List;

/** No broker at all: what Bowline's own code costs. */
final class NoVenue implements Venue {
  private static final int WINDOW = 10_000;

  @Override
  public String title() {
    return "No broker: Bowline's own code alone";
  }

  @Override
  public List<Discipline> disciplines() {
    List<Entry> entries =
        List.of(
            Entry.yardstick(
                "Bowline, confirmed at once", BowlineContestant.opener("none://at-once", WINDOW)),
            Entry.yardstick(
                "Bowline, confirmed by a thread",
                BowlineContestant.opener("none://threaded", WINDOW)));
    return List.of(
        new Discipline("pipelined", false, WINDOW, entries),
        new Discipline("one by one", true, WINDOW, entries));
  }

  @Override
  public String freshTopic(Discipline discipline) {
    return "benchmark";
  }

  @Override
  public void close() {}
}
