// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import java.util.List;
import java.util.Map;

/**
 * How a simulated world ended. Immutable.
 *
 * @param seed from which all of it came
 * @param events all that happened, in order, each with its time
 * @param wrongs what broke a promise; empty if none was broken
 * @param counts how many messages were sent, how they ended, and what was done with them
 */
public record SimulationResult(
    long seed, List<String> events, List<String> wrongs, Map<String, Integer> counts) {

  /** Copies the parts. */
  public SimulationResult {
    events = List.copyOf(events);
    wrongs = List.copyOf(wrongs);
    counts = Map.copyOf(counts);
  }

  /**
   * Fails if a promise was broken, with the seed, how to replay it and the last events before.
   *
   * @throws AssertionError naming what was wrong
   */
  public void check() {
    if (!wrongs.isEmpty()) {
      List<String> last = events.subList(Math.max(0, events.size() - 40), events.size());
      throw new AssertionError(
          "In the world of seed "
              + seed
              + ": "
              + String.join("; ", wrongs)
              + "\nReplay it by -Dtest=SimulationTest#noSeedBreaksAPromise -Dbowline.seed="
              + seed
              + " -Dbowline.seeds=1\nThe last events:\n"
              + String.join("\n", last));
    }
  }
}
