// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.benchmarks.send.Round.Result;
import io.bowline.benchmarks.send.Venue.Discipline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One discipline at one size: all contestants in turn, several times, after warm-up rounds that do
 * not count. The order turns about each time, so that nobody always follows the same one.
 */
final class Match {
  /** In flight at most, by bytes of bodies: Bowline's default, and the same for all. */
  static final long WINDOW_BYTES = 16L << 20;

  private final Venue venue;
  private final Discipline discipline;
  private final Options options;
  private final Map<String, List<Result>> results = new LinkedHashMap<>();

  Match(Venue venue, Discipline discipline, Options options) {
    this.venue = venue;
    this.discipline = discipline;
    this.options = options;
  }

  private record Player(String name, Contestant contestant, Round round) {}

  /** The results of each contestant, in the order of the rounds. */
  Map<String, List<Result>> play(int size) throws Exception {
    List<Player> players = new ArrayList<>();
    try {
      for (Entry entry : discipline.entries()) {
        players.add(player(entry, size));
      }
      for (int number = -options.warmUps(); number < options.rounds(); number++) {
        round(players, number);
        Collections.reverse(players);
      }
    } finally {
      for (Player player : players) {
        player.contestant.close();
      }
    }
    return results;
  }

  private void round(List<Player> players, int number) throws Exception {
    for (Player player : players) {
      Result result = turn(player);
      result.turn().progress(number, player.name);
      if (options.threads()) {
        System.err.print(result.turn().dearest());
      }
      if (number >= 0) {
        results.computeIfAbsent(player.name, name -> new ArrayList<>()).add(result);
      }
    }
  }

  private Player player(Entry entry, int size) throws Exception {
    Tally tally = new Tally();
    Contestant contestant = entry.opener().open(tally);
    Load load = new Load(size, discipline.window(), options.time());
    return new Player(entry.name(), contestant, new Round(contestant, tally, load));
  }

  private Result turn(Player player) throws Exception {
    String topic = venue.freshTopic(discipline);
    return discipline.oneByOne() ? player.round.oneByOne(topic) : player.round.pipelined(topic);
  }
}
