// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.producer.ProducerBuilder;
import io.bowline.testkit.LossStory.With;
import io.bowline.testkit.ReceiveStory.Topics;
import io.bowline.testkit.servers.BrokerServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What is lost behind a group's back is named by its numbers, all of it and nothing else, on a real
 * broker. The fixture takes messages away by {@link BrokerFixture#lose}.
 *
 * <pre>{@code
 * final class MyGapIT extends GapConformance {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return new MyFixture();
 *   }
 * }
 * }</pre>
 *
 * <p>Two behaviours let services in processes of their own be killed, stopped and replaced, and the
 * broker and the network fail, for a minute each and with {@code -Dbowline.long=true} for fifteen:
 * nothing is lost, so nothing may be named. They need a {@link BrokerFixture#address}. What happens
 * is drawn by a seed, which is printed; {@code -Dbowline.seed=…} draws the same again.
 */
public abstract class GapConformance extends FaultStage {
  private static final Duration TURMOIL = Duration.ofMinutes(1);
  private static final Duration LONG_TURMOIL = Duration.ofMinutes(15);
  private static final int LANES = 4;
  private static final int ROUNDS = 3;

  /** For subclasses. */
  protected GapConformance() {}

  private LossStory byAStore() {
    return byAStore(producer -> producer);
  }

  private LossStory byAStore(UnaryOperator<ProducerBuilder> producers) {
    GapStore store = new InMemoryGapStore();
    With with = new With(producers, consumer -> consumer.gapStore(store));
    return new LossStory(scene(), fixture(), LANES, with);
  }

  @Test
  final void whatWasLostBehindAGroupsBackIsNamedByItsNumbers() {
    LossStory story = byAStore();
    for (int round = 0; round < ROUNDS; round++) {
      story.consume(4);
      story.lose(1 + round);
    }
    story.consumeUntilNamed(3);
    story.finish();
  }

  @Test
  final void theLossOfTheLastMessagesIsNamedByAWatermark() {
    LossStory story = byAStore(producer -> producer.watermarks(Duration.ofMillis(500)));
    story.consume(4);
    story.lose(2);
    story.consumeUntilNamed(0);
    story.finish();
  }

  @Test
  final void whatAnotherMemberDidIsNotNamed() {
    With nothing = new With(producer -> producer, consumer -> consumer);
    membersComeAndGo(new LossStory(scene(), fixture(), LANES, nothing));
  }

  @Test
  final void whatAnotherMemberDidIsNotNamedByAStore() {
    membersComeAndGo(byAStore());
  }

  private static void membersComeAndGo(LossStory story) {
    try (ReliableConsumer first = story.start()) {
      for (int round = 0; round < ROUNDS; round++) {
        story.send(20);
        try (ReliableConsumer other = story.start()) {
          story.send(20);
          story.awaitHandled();
          assertEquals(first.group(), other.group());
        }
      }
      story.send(5);
      story.awaitHandled();
      story.awaitNothingNamed();
    }
    story.finish();
  }

  @Test
  final void killsCutsAndRebalancesWithoutALossNameNothing() {
    turmoil(story(), seed()).finish();
  }

  @Test
  final void killsCutsAndRebalancesWithoutALossNameNothingByAStore() {
    ReceiveStory story = story();
    story.keepGaps();
    turmoil(story, ~seed()).finish(); // the other order
  }

  private ReceiveStory story() {
    String direct = fixture().address().orElse("");
    Assumptions.assumeFalse(direct.isEmpty(), "no other process reaches this broker");
    tellSeed();
    String address = fixture().proxied().map(BrokerServer.Proxied::address).orElse(direct);
    return new ReceiveStory(scene(), fixture(), address, new Topics(1, LANES, seed()));
  }

  private ReceiveStory turmoil(ReceiveStory story, long seed) {
    Turmoil turmoil = new Turmoil(story, new Random(seed), faults());
    turmoil.last(isLong() ? LONG_TURMOIL : TURMOIL);
    System.out.printf("[bowline] %s: %s%n", getClass().getSimpleName(), turmoil);
    return story;
  }

  /** Those that this fixture can have; each lasts for a while and is healed. */
  private List<Turmoil.Fault> faults() {
    return Stream.of(
            FaultKind.KILLED,
            FaultKind.PAUSED,
            FaultKind.CUT,
            FaultKind.CUT_BEFORE_ANSWER,
            FaultKind.UNREACHABLE)
        .filter(kind -> fixture().fault(kind).isPresent())
        .map(kind -> new Turmoil.Fault(kind.name(), () -> endure(kind)))
        .toList();
  }

  private void endure(FaultKind kind) {
    BrokerFault fault = fault(kind);
    fault.strike();
    last(aWhile());
    fault.heal();
  }
}
