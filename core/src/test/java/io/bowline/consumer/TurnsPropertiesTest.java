// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Members that take turns in a lane, through leases that end, crashes and losses: what was lost is
 * told, and nothing else. A negative number is one that was told and not lost.
 */
final class TurnsPropertiesTest {
  private static final int WORLDS = Boolean.getBoolean("bowline.long") ? 100_000 : 1_000;
  private static final int STEPS = 150;

  private static int play(boolean loses) {
    long first = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", first);
    int losses = 0;
    for (int world = 0; world < WORLDS; world++) {
      long seed = first + world;
      TurnsWorld played = new TurnsWorld(new Random(seed), loses);
      played.play(STEPS);
      assertEquals(
          Set.of(), played.wrong(), () -> "-Dbowline.seed=" + seed + ": " + played.story());
      losses += played.losses();
    }
    return losses;
  }

  @Test
  void everyLossIsToldAndNothingElse() {
    int losses = play(true);
    assertTrue(losses > WORLDS / 4, "too few losses to show anything: " + losses);
  }

  @Test
  void nothingIsToldWithoutALoss() {
    assertEquals(0, play(false));
  }
}
