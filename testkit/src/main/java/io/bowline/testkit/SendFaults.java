// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.Scene.Place;
import io.bowline.testkit.SendStory.Keys;
import io.bowline.transport.Connected;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What becomes of sends while the broker and the network fail: Bowline's own producer over the
 * transport under test, on a real broker, each behaviour a test. At the end of each the topic is
 * read by a connection of its own and held against the {@link SendLedger}.
 *
 * <pre>{@code
 * final class KafkaSendFaultsIT extends SendFaults {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 * }
 * }</pre>
 *
 * <p>A behaviour whose {@link FaultKind} the fixture cannot have is skipped. Faults and keys are
 * drawn by a seed, which is printed; {@code -Dbowline.seed=…} draws the same again. {@code
 * -Dbowline.long=true} makes the long story long: {@value #LONG_FAULTS} faults in {@value
 * #LONG_SENDS} sends instead of {@value #FAULTS} in {@value #SENDS}.
 */
public abstract class SendFaults extends FaultStage {
  private static final int LONG_FAULTS = 20;
  private static final int LONG_SENDS = 100_000;
  private static final int LONG_PACE = 1_000;
  private static final int FAULTS = 4;
  private static final int SENDS = 5_000;
  private static final int PACE = 300;

  /** Sent at once just before a fault strikes, so that it strikes many. */
  private static final int BURST = 200;

  private static final int LANES = 4;
  private static final int MANY_KEYS = 1_000;

  /** So few that several messages of each are under way at once. */
  private static final int FEW_KEYS = 20;

  /** For subclasses. */
  protected SendFaults() {}

  /** For the tests of this kit: a producer that is wrong. */
  ReliableProducer producer(ReliableProducer healthy) {
    return healthy;
  }

  /** How long a try may wait for its confirm: a twelfth of the patience, 5 s of the usual 60 s. */
  private Duration confirm() {
    return fixture().patience().dividedBy(12);
  }

  /** So many sends a second with the usual patience of a minute; more with less. */
  private int pace(int perSecond) {
    return (int) (perSecond * 60_000L / fixture().patience().toMillis());
  }

  /** A story whose sends may take as long as anything may. */
  private SendStory story(Order order) {
    return story(order, fixture().patience().multipliedBy(2));
  }

  /**
   * In pipelined order no try's time is over during a fault: a message that is given up by its
   * confirm timeout may be overtaken by those behind it, whose time is over later.
   */
  private Duration confirm(Order order) {
    return order == Order.STRICT ? confirm() : fixture().patience();
  }

  private SendStory story(Order order, Duration deadline) {
    tellSeed();
    Place place = scene().place(LANES);
    TransportConfig config = throughProxy().confirmTimeout(confirm(order));
    Transport transport = scene().connect(config);
    Assumptions.assumeTrue(
        order == Order.STRICT || transport.keepsPipelinedOrder(),
        "Nothing to show: with this transport every order is strict");
    int keys = order == Order.STRICT ? MANY_KEYS : FEW_KEYS;
    ProducerBuilder builder =
        new ProducerBuilder(new Connected(transport, config, opened -> {}), "send-faults")
            .order(order)
            .deadline(deadline)
            .maxBlock(fixture().patience());
    return new SendStory(scene(), place, producer(builder.open()), new Keys(keys, seed(), order));
  }

  private void check(SendStory story) {
    story.closeAndCheck(new SendReading(scene(), fixture()), fixture().patience());
  }

  private void checkAllConfirmed(SendStory story) {
    story.awaitEnded(fixture().patience().multipliedBy(2).plus(slack()));
    check(story);
    assertEquals(story.ledger().calls(), story.ledger().count(Outcome.CONFIRMED), "confirmed");
  }

  /** Sends before, while and after the fault strikes and lasts; all are confirmed in the end. */
  private void survives(FaultKind kind, Order order) {
    BrokerFault fault = fault(kind);
    SendStory story = story(order);
    story.allow(500);
    Thread unused = story.begin(1_500, pace(500));
    story.awaitConfirmed(200);
    story.send(BURST);
    fault.strike();
    int before = story.ledger().calls();
    story.allow(1_500);
    story.awaitCalls(Math.min(before + 1, 1_500)); // so that some are sent during the fault
    last(aWhile());
    fault.heal();
    story.awaitCalls(1_500);
    checkAllConfirmed(story);
  }

  @Test
  final void aKilledBrokerCostsNoOutcome() {
    survives(FaultKind.KILLED, Order.STRICT);
  }

  @Test
  final void aPauseWithinTheDeadlineCostsNoConfirmation() {
    survives(FaultKind.PAUSED, Order.STRICT);
  }

  @Test
  final void aKilledBrokerKeepsPipelinedOrder() {
    survives(FaultKind.KILLED, Order.PIPELINED);
  }

  @Test
  final void aPauseKeepsPipelinedOrder() {
    survives(FaultKind.PAUSED, Order.PIPELINED);
  }

  @Test
  final void cutConnectionsKeepPipelinedOrder() {
    survives(FaultKind.CUT, Order.PIPELINED);
  }

  @Test
  final void cutConnectionsAreMadeAgain() {
    survives(FaultKind.CUT, Order.STRICT);
  }

  @Test
  final void aSilentNetworkWithinTheDeadlineCostsNoConfirmation() {
    survives(FaultKind.SILENT, Order.STRICT);
  }

  @Test
  final void anUnreachableBrokerIsReachedAgain() {
    survives(FaultKind.UNREACHABLE, Order.STRICT);
  }

  @Test
  final void aPausePastTheDeadlineEndsEveryFutureInTime() {
    BrokerFault fault = fault(FaultKind.PAUSED);
    Duration deadline = confirm().multipliedBy(2);
    SendStory story = story(Order.STRICT, deadline);
    story.send(300);
    story.awaitEnded(fixture().patience());
    fault.strike();
    int confirmed = story.ledger().count(Outcome.CONFIRMED);
    story.send(300);
    story.awaitEnded(deadline.plus(confirm()).plus(slack()));
    assertEquals(confirmed, story.ledger().count(Outcome.CONFIRMED), "confirmed by nobody");
    fault.heal();
    story.sendUntilConfirmed(confirmed + 100);
    story.awaitEnded(fixture().patience());
    check(story);
  }

  @Test
  final void aCutBeforeTheAnswerMakesDuplicatesAtMost() {
    cutsBeforeAnswers(Order.STRICT);
  }

  @Test
  final void aCutBeforeTheAnswerKeepsPipelinedOrder() {
    cutsBeforeAnswers(Order.PIPELINED);
  }

  private void cutsBeforeAnswers(Order order) {
    BrokerFault fault = fault(FaultKind.CUT_BEFORE_ANSWER);
    SendStory story = story(order);
    story.send(100);
    story.awaitConfirmed(100);
    for (int round = 1; round <= 3; round++) {
      long dropped = dropped();
      fault.strike();
      story.send(100);
      last(aWhile());
      fault.heal();
      story.awaitConfirmed(100 + 100 * round);
      assertTrue(fixture().proxied().isEmpty() || dropped() > dropped, "no answer was dropped");
    }
    checkAllConfirmed(story);
  }

  private long dropped() {
    return fixture().proxied().map(way -> way.proxy().dropped()).orElse(0L);
  }

  @Test
  final void aHalfOpenConnectionIsNoticed() {
    BrokerFault fault = fault(FaultKind.HALF_OPEN);
    SendStory story = story(Order.STRICT);
    story.send(100);
    story.awaitConfirmed(100);
    fault.strike();
    story.send(100);
    story.awaitConfirmed(200);
    fault.heal();
    story.send(100);
    checkAllConfirmed(story);
  }

  @Test
  final void closingMidFaultReportsWhatTheFuturesSay() {
    BrokerFault fault = fault(FaultKind.PAUSED);
    SendStory story = story(Order.STRICT);
    story.send(100);
    story.awaitConfirmed(100);
    fault.strike();
    story.send(200);
    long start = System.nanoTime();
    var report = story.close(confirm());
    assertWithin(start, confirm().plus(slack()), "closing");
    story.awaitEnded(Duration.ZERO);
    assertEquals(100, report.confirmed(), "confirmed by nobody");
    fault.heal();
    check(story);
  }

  @Test
  final void manyFaultsInARowCostNoOutcome() {
    manyFaults(Order.STRICT);
  }

  @Test
  final void manyFaultsInARowKeepPipelinedOrder() {
    manyFaults(Order.PIPELINED);
  }

  private void manyFaults(Order order) {
    boolean longer = isLong();
    int faults = longer ? LONG_FAULTS : FAULTS;
    int sends = longer ? LONG_SENDS : SENDS;
    List<FaultKind> kinds =
        Arrays.stream(FaultKind.values())
            .filter(kind -> fixture().fault(kind).isPresent())
            .toList();
    Assumptions.assumeFalse(kinds.isEmpty(), "nothing of this broker can be broken");
    Random random = new Random(seed());
    SendStory story = story(order);
    Thread unused = story.begin(sends, pace(longer ? LONG_PACE : PACE));
    int share = sends / (faults + 1);
    for (int i = 0; i < faults; i++) {
      story.allow(i * share + share / 2);
      story.awaitCalls(i * share + share / 4);
      strike(kinds.get(random.nextInt(kinds.size())), random, story, (i + 1) * share);
    }
    story.allow(sends);
    story.awaitCalls(sends);
    story.awaitEnded(fixture().patience().multipliedBy(3));
    check(story);
    System.out.printf(
        "[bowline] %s, seed %d: %s%n", getClass().getSimpleName(), seed(), story.ledger());
    int confirmed = story.ledger().count(Outcome.CONFIRMED);
    assertTrue(confirmed > sends / 2, "only " + confirmed + " of " + sends + " were confirmed");
  }

  /** It lasts up to {@link #aWhile}; every other time, the next waits until something goes on. */
  private void strike(FaultKind kind, Random random, SendStory story, int meanwhile) {
    long nanos = (long) (aWhile().toNanos() * random.nextDouble());
    boolean thenGoesOn = random.nextBoolean();
    System.out.printf("[bowline] %s for %d ms after %s%n", kind, nanos / 1_000_000, story.ledger());
    BrokerFault fault = fault(kind);
    story.send(BURST);
    fault.strike();
    story.allow(meanwhile);
    last(Duration.ofNanos(nanos));
    fault.heal();
    if (thenGoesOn) {
      story.awaitAnotherConfirmed();
    }
  }
}
