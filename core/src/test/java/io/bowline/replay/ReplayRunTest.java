// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.replay.ReplayReport.End;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replay over a broker whose every answer the test gives. */
@Timeout(60)
final class ReplayRunTest {
  private static final Map<String, String> OF_ORDERS =
      Map.of("bowline-dead-topic", "orders", "bowline-dead-group", "billing");
  private static final Duration LONG = Duration.ofSeconds(50);

  private final ScriptedTransport broker =
      new ScriptedTransport().topic("dead", 2).topic("orders", 2);

  private ReplayBuilder replay() {
    return new ReplayBuilder(broker.connected(), "dead", "billing")
        .all()
        .quiet(Duration.ofSeconds(20));
  }

  private static CompletableFuture<ReplayReport> run(ReplayBuilder replay, Duration timeout) {
    return CompletableFuture.supplyAsync(() -> replay.run(timeout));
  }

  private static void turns(ScriptedSubscription member, int turns) {
    int until = member.polls() + turns;
    Await.until("the run turned", () -> member.polls() >= until);
  }

  @Test
  void aLetterIsAcceptedOnlyAfterItsCopyWasConfirmed() throws InterruptedException {
    var report = run(replay().limit(1), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    assertEquals("billing.replay", member.spec().group());
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent copy = broker.nextSend();
    assertEquals("orders", copy.message().topic());
    String stamp = String.valueOf(copy.message().headers().get("bowline-stamp"));
    assertTrue(stamp.startsWith("1;i=orders%2F0%2F0;s=billing.replay;"), stamp);
    turns(member, 5);
    assertEquals(List.of(), member.accepted());
    copy.confirm();
    assertEquals(1, report.join().replayed());
    assertEquals(List.of("a"), member.accepted());
    assertEquals(End.LIMIT, report.join().end());
    assertTrue(member.isClosed());
  }

  @Test
  void whatIsNotSelectedIsAcceptedOnlyAfterItLiesAtTheEnd() throws InterruptedException {
    var report = run(replay().where(letter -> letter.text().equals("b")).limit(1), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent back = broker.nextSend();
    assertEquals("dead", back.message().topic());
    turns(member, 5);
    assertEquals(List.of(), member.accepted());
    back.confirm();
    Await.until("it is accepted", () -> member.accepted().equals(List.of("a")));
    member.deliver(0, "k", "b", OF_ORDERS);
    broker.nextSend().confirm();
    assertEquals(Map.of(Fate.NOT_SELECTED, 1L, Fate.REPLAYED, 1L), report.join().counts());
  }

  @Test
  void ofAKeyOneIsUnderWayAtATime() throws InterruptedException {
    var report = run(replay().limit(3), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    member.deliver(0, "k", "b", OF_ORDERS);
    member.deliver(1, "other", "c", OF_ORDERS);
    Sent first = broker.nextSend();
    Sent other = broker.nextSend();
    assertEquals(List.of("a", "c"), List.of(first.text(), other.text()));
    turns(member, 5);
    assertEquals(0, broker.sendsWaiting());
    first.confirm();
    other.confirm();
    broker.nextSend().confirm();
    assertEquals(3, report.join().replayed());
  }

  /** The process ends between the confirmation and the acknowledgement: twice, never lost. */
  @Test
  void aCrashBeforeTheAcknowledgementRepeatsUnderTheSameIdAndLosesNothing()
      throws InterruptedException {
    var first = run(replay(), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent copy = broker.nextSend();
    var unused =
        member.inPoll(
            () -> {
              copy.confirm();
              throw new TransportException(Verdict.UNKNOWN, "crashed by the test");
            });
    assertEquals(End.TROUBLE, first.join().end());
    assertTrue(String.valueOf(first.join().trouble()).contains("crashed by the test"));
    assertEquals(List.of(), member.accepted());
    var second = run(replay().limit(1), LONG);
    ScriptedSubscription next = broker.nextSubscription();
    next.deliver(0, "k", "a", OF_ORDERS); // unaccepted, so the broker hands it out again
    Sent again = broker.nextSend();
    assertEquals(copy.message().messageId(), again.message().messageId());
    again.confirm();
    assertEquals(1, second.join().replayed());
    assertEquals(List.of("a"), next.accepted());
  }

  @Test
  void whatIsUnconfirmedWhenTheTimeIsOverStays() throws InterruptedException {
    var report = run(replay(), Duration.ofMillis(200));
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent never = broker.nextSend();
    assertEquals("a", never.text());
    assertEquals(End.TIMEOUT, report.join().end());
    assertEquals(0, report.join().replayed());
    assertEquals(List.of(), member.accepted());
  }

  @Test
  void aLetterThatCannotBePutBackEndsTheRunAndStays() throws InterruptedException {
    var report = run(replay().where(letter -> false), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    broker.nextSend().fail(Verdict.REFUSED);
    assertEquals(End.TROUBLE, report.join().end());
    assertEquals(List.of(), member.accepted());
    assertEquals(Map.of(), report.join().counts());
  }

  @Test
  void whatWasDealtWithOnALaneThatIsLostIsSaidToComeAgain() throws InterruptedException {
    var report = run(replay().limit(1), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent copy = broker.nextSend();
    member.inPoll(() -> member.listener().lost(java.util.Set.of(0, 1))).join();
    copy.confirm();
    assertEquals(1, report.join().comesAgain());
    assertEquals(List.of(), member.accepted());
  }

  @Test
  void aLaneThatMovesOnWaitsForWhatIsUnderWay() throws InterruptedException {
    var report = run(replay().limit(1), LONG);
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(0, "k", "a", OF_ORDERS);
    Sent copy = broker.nextSend();
    member
        .inPoll(
            () -> {
              copy.confirm();
              member.listener().revoking(java.util.Set.of(0, 1));
            })
        .join();
    assertEquals(0, report.join().comesAgain());
    assertEquals(List.of("a"), member.accepted());
  }
}
