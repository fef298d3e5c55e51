// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Scheduler and bounds against a simple model, through any order of arrivals, completions, failures
 * and lanes that come and go. The worlds begin small, so that the first that fails tells a short
 * story; its seed replays it.
 */
final class SchedulerPropertiesTest {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");

  @Test
  void keysKeepTheirOrderAndAllIsDrainedWhateverHappensToTheLanes() {
    long first = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", first);
    int worlds = LONG ? 10_000 : 300;
    for (int steps = 8; steps <= 512; steps *= 2) {
      for (int world = 0; world < worlds; world++) {
        long seed = first + world;
        String name = "-Dbowline.seed=" + seed + ", steps " + steps;
        new SchedulerWorld(seed, name, Math.min(40, steps / 4)).play(steps);
      }
    }
  }
}
