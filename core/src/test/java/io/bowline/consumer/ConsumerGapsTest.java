// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.LaneNumber.Range;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a consumer shows of open gaps, and how one is dismissed. */
@Timeout(60)
class ConsumerGapsTest {
  private final Scene scene = new Scene();
  private final GapStore store = new InMemoryGapStore();
  private final List<Gap> told = new CopyOnWriteArrayList<>();

  ConsumerGapsTest() {
    Numbers.know(store);
    scene.broker.lateness(Duration.ofMillis(20));
    scene.builder.onGap(
        new GapListener() {
          @Override
          public void onGap(Gap gap) {
            told.add(gap);
          }

          @Override
          public void onChange(Gap gap) {
            told.add(gap);
          }
        });
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private ScriptedSubscription start() throws InterruptedException {
    scene.builder.gapStore(store);
    return scene.start();
  }

  private ReliableConsumer consumer() {
    return scene.consumer();
  }

  private static String shown(Gap gap) {
    return gap.state() + " " + gap.source() + " " + gap.from() + "-" + gap.to();
  }

  private void awaitOpen(String... gaps) {
    Await.until(
        List.of(gaps) + " is open",
        () ->
            consumer().gaps().stream().map(ConsumerGapsTest::shown).toList().equals(List.of(gaps)));
  }

  private Gap theGap() {
    awaitOpen("GAP shop 4-5");
    return consumer().gaps().get(0);
  }

  private Dismissal dismissed(Gap gap) {
    return consumer().dismiss(gap, "the order was cancelled").join();
  }

  @Test
  void whatIsMissingIsListedUntilItComes() throws InterruptedException {
    ScriptedSubscription member = start();
    assertEquals(List.of(), consumer().gaps());
    Numbers.deliver(member, 1, 2, 3, 6);
    awaitOpen("GAP shop 4-5");
    Numbers.deliver(member, 4);
    awaitOpen("GAP shop 5-5");
    Numbers.deliver(member, 5);
    awaitOpen();
  }

  @Test
  void whatIsSuspectedIsListedToo() throws InterruptedException {
    scene.broker.lateness(Duration.ofHours(1));
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    awaitOpen("SUSPECT shop 4-5");
    assertEquals(List.of(), told);
  }

  @Test
  void aLaneThatGoesTakesItsGapsAlong() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    member.inPoll(() -> member.listener().revoking(Set.of(0))).join();
    awaitOpen();
    assertEquals(Dismissal.NOT_HELD, dismissed(gap));
  }

  @Test
  void theNextMemberListsWhatIsOpenBeforeAnythingArrives() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    awaitAccepted(member, "1", "2", "3", "6");
    Await.until("it is kept", () -> Numbers.kept(store).missing().get(0).told());
    consumer().close();
    assertEquals(List.of(), consumer().gaps());
    start();
    assertEquals(gap, theGap());
  }

  @Test
  void whatIsDismissedIsMissedNoMoreAndToldAndKept() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    assertEquals(Dismissal.DISMISSED, dismissed(theGap()));
    assertEquals(List.of(new Range(4, 5)), Numbers.kept(store).explained());
    awaitOpen();
    Await.until("it is told", () -> told.size() == 2);
    assertEquals(State.DISMISSED, told.get(1).state());
    assertEquals("4-5", told.get(1).from() + "-" + told.get(1).to());
  }

  @Test
  void whatIsDismissedAndComesAfterAllIsHandledAndThenCompleted() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    assertEquals(Dismissal.DISMISSED, dismissed(theGap()));
    Numbers.deliver(member, 4);
    awaitAccepted(member, "1", "2", "3", "6", "4");
    assertEquals(List.of(new Range(5, 5)), Numbers.kept(store).explained());
  }

  @Test
  void partOfAGapMayBeDismissed() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    Gap part = new Gap(gap.chain(), 5, 9, List.of(), gap.since(), State.GAP);
    assertEquals(Dismissal.DISMISSED, dismissed(part));
    awaitOpen("GAP shop 4-4");
  }

  @Test
  void withoutAStoreItIsDismissedForThisMember() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    Numbers.deliver(member, 1, 2, 3, 6);
    assertEquals(Dismissal.DISMISSED, dismissed(theGap()));
    awaitOpen();
  }

  @Test
  void whatIsNotOpenIsSaidToBeSo() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    assertEquals(Dismissal.DISMISSED, dismissed(gap));
    assertEquals(Dismissal.NOT_OPEN, dismissed(gap));
  }

  @Test
  void anotherLaneOrAClosedConsumerHoldsNoneOfIt() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    Gap.Chain elsewhere = new Gap.Chain("orders", "billing", "shop", 1, 7);
    Gap other = new Gap(elsewhere, 4, 5, List.of(), gap.since(), State.GAP);
    assertEquals(Dismissal.NOT_HELD, dismissed(other));
    consumer().close();
    assertEquals(Dismissal.NOT_HELD, dismissed(gap));
  }

  @Test
  void aReasonAndTheRightConsumerAreNeeded() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    assertThrows(IllegalArgumentException.class, () -> consumer().dismiss(gap, " "));
    Gap.Chain others = new Gap.Chain("orders", "shipping", "shop", 1, 0);
    Gap foreign = new Gap(others, 4, 5, List.of(), gap.since(), State.GAP);
    assertThrows(IllegalArgumentException.class, () -> consumer().dismiss(foreign, "no"));
    awaitOpen("GAP shop 4-5");
  }

  /** It is what a handler would do: the polling thread waits for no handler. */
  @Test
  void aHandlerMayWaitForADismissal() throws InterruptedException {
    ScriptedSubscription member = start();
    Numbers.deliver(member, 1, 2, 3, 6);
    Gap gap = theGap();
    scene.hold("7");
    Numbers.deliver(member, 7);
    scene.awaitBegun("7");
    assertEquals(Dismissal.DISMISSED, dismissed(gap));
    assertFalse(member.accepted().contains("7"));
  }
}
