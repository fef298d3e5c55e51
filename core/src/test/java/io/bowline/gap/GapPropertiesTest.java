// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.GapWorld.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Chains and detector against a simple account of what was lost, through any order of sends, tries,
 * copies, losses, crashes and lanes that come and go. The worlds begin small, so that the first
 * that fails tells a short story; its seed replays it.
 */
final class GapPropertiesTest {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int SIZES = 5;

  private static void worlds(Kind kind, int histories) {
    long first = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", first);
    for (int size = 0; size < SIZES; size++) {
      int steps = 16 << (2 * size);
      for (int world = 0; world < histories / SIZES; world++) {
        long seed = first + world;
        GapWorld played = new GapWorld(new Random(seed), kind);
        try {
          played.play(steps);
        } catch (RuntimeException | AssertionError broken) {
          throw new AssertionError(
              "-Dbowline.seed=" + seed + ", steps " + steps + ", " + played.story(), broken);
        }
      }
    }
  }

  private static int histories() {
    return LONG ? 35_000 : 500;
  }

  @Test
  void everyLossThatALaterNumberPromisesIsToldThroughCrashesAndHandOvers() {
    worlds(new Kind(true, true, true), histories());
  }

  @Test
  void everyLossThatALaterNumberPromisesIsToldInOneMember() {
    worlds(new Kind(false, false, true), histories());
  }

  @Test
  void nothingIsToldWithoutALossThroughCrashesAndHandOvers() {
    worlds(new Kind(true, true, false), histories());
  }

  @Test
  void nothingIsToldWithoutALossThoughNothingIsKept() {
    worlds(new Kind(false, true, false), histories());
  }
}
