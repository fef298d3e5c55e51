// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Some hundreds of worlds, the same ones each time; by {@code -Dbowline.long=true} many more, each
 * time others. {@code -Dbowline.seed=… -Dbowline.seeds=1} replays one, and tells its whole story.
 */
final class SimulationTest {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");

  /** Each flaw shows in most worlds; if not in one of so many, it is not seen. */
  private static final int ENOUGH = 30;

  private final List<Logger> engines =
      List.of(logger("io.bowline.consumer"), logger("io.bowline.producer"));

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  @BeforeEach
  void keepQuietAboutTroubleOnPurpose() {
    engines.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @AfterEach
  void speakAgain() {
    engines.forEach(logger -> logger.setLevel(null));
  }

  @Test
  void noSeedBreaksAPromise() {
    long first = Long.getLong("bowline.seed", LONG ? System.nanoTime() : 1);
    int seeds = Integer.getInteger("bowline.seeds", LONG ? 10_000 : 300);
    Map<String, Integer> counts = new TreeMap<>();
    for (long seed = first; seed < first + seeds; seed++) {
      SimulationResult result = Simulation.of(seed).run();
      if (seeds == 1) {
        logger("io.bowline.seed").info("The story:\n{}", String.join("\n", result.events()));
      }
      result.check();
      result.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
    }
    LoggerFactory.getLogger("io.bowline.seed")
        .info("-Dbowline.seed={} -Dbowline.seeds={} repeats this: {}", first, seeds, counts);
    if (seeds >= 100) {
      counts.forEach((what, count) -> assertTrue(count > 0, () -> "Never seen: " + what));
    }
  }

  @Test
  void theSameSeedIsTheSameStory() {
    for (long seed = 1; seed <= 20; seed++) {
      List<String> first = Simulation.of(seed).run().events();
      assertEquals(first, Simulation.of(seed).run().events(), "seed " + seed);
      assertNotEquals(first, Simulation.of(seed + 100).run().events(), "seed " + seed);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachFlawOfABrokerIsSeen(BrokerFlaw flaw) {
    String wrong =
        switch (flaw) {
          case HANDS_OUT_OF_ORDER -> "came before an earlier one";
          case REFUSES_WHAT_IT_STORED -> "is REJECTED and yet stored";
          case HANDS_OUT_TOO_MANY -> "holds deliveries";
          default -> "is CONFIRMED and was never processed";
        };
    seen(wrong, seed -> Simulation.of(seed).flaw(flaw));
  }

  @Test
  void aLossIsNamedByTheGroupThatMissesIt() {
    seen("is told of a gap", seed -> Simulation.of(seed).flaw(BrokerFlaw.LOSES_WHAT_IT_STORED));
  }

  @Test
  void aProducerThatConfirmsEarlyIsSeen() {
    seen(
        "is CONFIRMED and was never processed",
        seed -> Simulation.of(seed).producers(EarlyProducer::new));
  }

  @Test
  void aConsumerThatAcknowledgesBeforeTheWorkIsSeen() {
    seen(
        "was acknowledged before it was processed",
        seed -> Simulation.of(seed).members(EarlyMember::new));
  }

  private static void seen(String wrong, LongFunction<Simulation> worlds) {
    for (long seed = 1; seed <= ENOUGH; seed++) {
      List<String> wrongs = worlds.apply(seed).run().wrongs();
      if (wrongs.stream().anyMatch(one -> one.contains(wrong))) {
        return;
      }
    }
    fail("Not seen in " + ENOUGH + " worlds: " + wrong);
  }
}
