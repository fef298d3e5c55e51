// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What may be committed, against a simple model of it, through anything that can happen to a lane.
 * The worlds begin small, so that the first that fails tells a short story; its seed replays it.
 */
final class CommittablePrefixTest {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");

  private final Logger failingCommits = (Logger) LoggerFactory.getLogger(OffsetCommits.class);

  @BeforeEach
  void keepQuietAboutCommitsThatFailOnPurpose() {
    failingCommits.setLevel(Level.OFF);
  }

  @AfterEach
  void speakAgain() {
    failingCommits.setLevel(null);
  }

  @Test
  void noCommitPassesWhatWasNotAcceptedAndAllIsCommittedInTheEnd() {
    long first = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", first);
    int worlds = LONG ? 10_000 : 300;
    for (int steps = 8; steps <= 512; steps *= 2) {
      for (int world = 0; world < worlds; world++) {
        long seed = first + world;
        new CommitWorld(seed, "-Dbowline.seed=" + seed + ", steps " + steps).play(steps);
      }
    }
  }
}
