// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.testkit.ReceiveStory.Topics;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What becomes of work while members, the broker and the network fail: services with Bowline's own
 * consumer in processes of their own, under load, on a real broker, each behaviour a test. At the
 * end of each everything CONFIRMED was done, the first effects of each key came in order, no member
 * did two of a key at once, and the group has nothing left.
 *
 * <pre>{@code
 * final class KafkaReceiveFaultsIT extends ReceiveFaults {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 * }
 * }</pre>
 *
 * <p>Skipped where the fixture has no {@link BrokerFixture#address}, or not the {@link FaultKind}.
 * What is drawn is drawn by a seed, which is printed; {@code -Dbowline.seed=…} draws the same
 * again. {@code -Dbowline.long=true} takes the full counts: {@value #LONG_KILLS} kills instead of
 * {@value #KILLS}, {@value #LONG_ROUNDS} rounds of each other story instead of {@value #ROUNDS}.
 */
public abstract class ReceiveFaults extends FaultStage {
  private static final int LONG_KILLS = 50;
  private static final int KILLS = 3;
  private static final int LONG_ROUNDS = 5;
  private static final int ROUNDS = 1;
  private static final int CUTS = 3;
  private static final int LANES = 4;

  /** What a member does before the next fault. */
  private static final int SOME = 30;

  /** For subclasses. */
  protected ReceiveFaults() {}

  private ReceiveStory story(int topics, int lanes) {
    String address = fixture().address().orElse("");
    Assumptions.assumeFalse(address.isEmpty(), "no other process reaches this broker");
    tellSeed();
    return new ReceiveStory(scene(), fixture(), address, new Topics(topics, lanes, seed()));
  }

  private static int rounds() {
    return isLong() ? LONG_ROUNDS : ROUNDS;
  }

  @Test
  final void membersKilledInMidWorkLoseNothing() {
    Random random = new Random(seed());
    ReceiveStory story = story(1, LANES);
    story.start();
    story.start();
    for (int kill = 0; kill < (isLong() ? LONG_KILLS : KILLS); kill++) {
      ChildService victim = story.services().get(random.nextInt(2));
      story.awaitInMidWork(victim, SOME);
      story.kill(victim);
      story.start();
    }
    story.awaitDone(SOME);
    story.finish();
    story.assertRepetitionsBounded(LANES);
  }

  @Test
  final void aRollingRestartLosesNothingAndKeepsOrder() {
    ReceiveStory story = story(1, 2 * LANES);
    for (int member = 0; member < 4; member++) {
      story.start();
    }
    story.awaitDone(SOME);
    for (int round = 0; round < rounds(); round++) {
      for (ChildService old : story.services()) {
        story.leave(old);
        story.start();
        story.awaitDone(SOME);
      }
    }
    story.finish();
    story.assertRepetitionsBounded(2 * LANES);
  }

  /** It stops for so long that others get its lanes, and those others die when it is back. */
  @Test
  final void aMemberThatSleepsAndWakesHarmsNothing() {
    ReceiveStory story = story(1, LANES);
    ChildService sleeper = story.start();
    ChildService other = story.start();
    for (int round = 0; round < rounds(); round++) {
      story.awaitInMidWork(other, SOME);
      Set<String> held = story.freezeInMidWork(sleeper, SOME);
      story.awaitBegun(other, held);
      story.awaitInMidWork(other, SOME);
      sleeper.thaw();
      story.awaitDone(sleeper, held.size());
      story.kill(other);
      other = story.start();
    }
    story.finish();
    story.assertRepetitionsBounded(LANES);
  }

  @Test
  final void aBrokerThatIsKilledOrStandsStillUnderItsMembersCostsNoMessage() {
    List<BrokerFault> faults = List.of(fault(FaultKind.KILLED), fault(FaultKind.PAUSED));
    ReceiveStory story = story(1, LANES);
    List<ChildService> members = List.of(story.start(), story.start());
    for (int round = 0; round < rounds(); round++) {
      members.forEach(member -> story.awaitInMidWork(member, SOME));
      BrokerFault fault = faults.get(round % faults.size());
      fault.strike();
      story.disturbed();
      last(aWhile());
      fault.heal();
      story.awaitDone(SOME);
    }
    story.finish();
  }

  @Test
  final void connectionsCutBetweenEffectAndAcknowledgementCostNoMessage() {
    Assumptions.assumeTrue(fixture().proxied().isPresent(), "no way to cut connections");
    ReceiveStory story = storyBehindTheProxy();
    ChildService one = story.start();
    ChildService other = story.start();
    List<FaultKind> kinds =
        List.of(FaultKind.CUT_BEFORE_ANSWER, FaultKind.CUT, FaultKind.UNREACHABLE);
    for (int cut = 0; cut < CUTS * rounds(); cut++) {
      BrokerFault fault = fault(kinds.get(cut % kinds.size()));
      story.awaitInMidWork(cut % 2 == 0 ? one : other, SOME);
      fault.strike();
      story.disturbed();
      last(aWhile().dividedBy(4));
      fault.heal();
      story.awaitDone(SOME);
    }
    story.finish();
  }

  /** Only its services go through the proxy; the load does not. */
  private ReceiveStory storyBehindTheProxy() {
    tellSeed();
    String address = fixture().proxied().orElseThrow().address();
    return new ReceiveStory(scene(), fixture(), address, new Topics(1, LANES, seed()));
  }

  @Test
  final void twoTopicsOfOneGroupLoseNothingWhenTheirServiceIsKilled() {
    ReceiveStory story = story(2, 2);
    ChildService doomed = story.start();
    for (int round = 0; round < rounds(); round++) {
      story.awaitInMidWork(doomed, 2 * SOME);
      story.kill(doomed);
      doomed = story.start();
    }
    story.awaitDone(SOME);
    story.finish();
    story.assertRepetitionsBounded(2 * 2);
  }

  @Test
  final void aMessageThatEndsEachProcessDiesAfterItsAttempts() {
    String address = fixture().address().orElse("");
    Assumptions.assumeFalse(address.isEmpty(), "no other process reaches this broker");
    FatalStory story = new FatalStory(scene(), fixture(), address);
    assertEquals(FatalProcess.LIMIT, story.deaths());
    story.assertDead();
  }
}
