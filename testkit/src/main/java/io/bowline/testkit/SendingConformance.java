// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Delivery;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a transport does with what it is given to send. */
abstract class SendingConformance extends Conformance {
  /** Near 1 MiB, with room for the headers: what every broker carries as it is installed. */
  private static final int NEAR_ONE_MEBIBYTE = 1_000_000;

  /** What a busy machine may make of "at once"; half of a confirm timeout where that matters. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /** What a busy machine may add to a time that was promised. */
  static final Duration SLACK = Duration.ofSeconds(10);

  @Test
  final void confirmedIsReadableByAnotherProcess() {
    Place place = scene().place(2);
    scene().store(place, 0, "one");
    scene().store(place, 1, "two");
    OtherMember reader = scene().otherMember(place, 2);
    scene()
        .await(
            "another process to read what was confirmed",
            () -> reader.received().containsAll(List.of("one", "two")),
            () -> reader);
  }

  @Test
  final void aReceiptNamesItsMessage() {
    Place place = scene().place(2);
    Outgoing message = Samples.message(place.topic(), 1, "a");
    Receipt receipt = scene().confirmed(scene().transport().send(message));
    assertEquals(message.messageId(), receipt.messageId());
    assertEquals(place.topic(), receipt.topic());
    assertEquals(1, receipt.lane());
  }

  @Test
  final void bodyKeyAndHeadersArriveUnchanged() {
    Place place = scene().place(1);
    List<Outgoing> sent = Samples.of(place.topic());
    sent.forEach(message -> scene().confirmed(scene().transport().send(message)));
    Member member = scene().worker(place);
    scene()
        .await(
            sent.size() + " arrivals",
            () -> member.arrivals().size() >= sent.size(),
            member::texts);
    for (int i = 0; i < sent.size(); i++) {
      Outgoing expected = sent.get(i);
      Delivery got = member.arrivals().get(i).delivery();
      assertEquals(expected.key(), got.key(), "key of " + expected);
      assertEquals(expected.headers(), Map.copyOf(got.headers()), "headers of " + expected);
      assertArrayEquals(expected.body(), got.body(), "body of " + expected);
      assertEquals(place.topic(), got.topic());
      assertEquals(0, got.lane());
      assertThrows(UnsupportedOperationException.class, () -> got.headers().put("x", "y"));
    }
  }

  @Test
  final void aBodyNearOneMebibyteArrivesWhole() {
    Place place = scene().place(1);
    byte[] body = Samples.bytes(NEAR_ONE_MEBIBYTE);
    scene().confirmed(scene().transport().send(Samples.message(place.topic(), 0, null, body)));
    Member member = scene().worker(place);
    scene().await("the large body", () -> !member.arrivals().isEmpty(), () -> "nothing");
    assertArrayEquals(body, member.arrivals().get(0).delivery().body());
  }

  @Test
  final void sendsOfALaneKeepTheirOrder() {
    Place place = scene().place(2);
    String[] texts = IntStream.range(0, 200).mapToObj(i -> "m" + i).toArray(String[]::new);
    scene().store(place, 1, texts);
    Member member = scene().worker(place);
    scene().awaitTexts(member, texts);
    assertEquals(List.of(texts), scene().firstArrivals());
  }

  @Test
  final void manyThreadsMaySendAtOnce() throws InterruptedException {
    Place place = scene().place(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int lane = i;
      String[] texts = IntStream.range(0, 50).mapToObj(n -> lane + "-" + n).toArray(String[]::new);
      threads.add(new Thread(() -> scene().store(place, lane, texts)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(scene().patience().toMillis());
    }
    scene().worker(place);
    scene()
        .await("200", () -> scene().firstArrivals().size() == 200, () -> scene().firstArrivals());
  }

  @Test
  final void aMissingTopicIsRefusedOrNotStored() {
    String missing = Scene.name();
    TransportException asked =
        assertThrows(TransportException.class, () -> scene().transport().lanes(missing));
    assertEquals(Verdict.REFUSED, asked.verdict(), asked.getMessage());
    TransportException sent =
        scene().failed(scene().transport().send(Samples.message(missing, 0, "nowhere")));
    assertNotEquals(Verdict.UNKNOWN, sent.verdict(), sent.getMessage());
  }

  @Test
  final void tooLargeIsRefusedAndItsNeighboursConfirm() {
    Place place = scene().place(1);
    Outgoing huge = Samples.message(place.topic(), 0, null, new byte[fixture().tooLarge()]);
    var before = scene().transport().send(Samples.message(place.topic(), 0, "before"));
    var refused = scene().transport().send(huge);
    var after = scene().transport().send(Samples.message(place.topic(), 0, "after"));
    TransportException failure = scene().failed(refused);
    assertEquals(Verdict.REFUSED, failure.verdict(), failure.getMessage());
    scene().confirmed(before);
    scene().confirmed(after);
    scene().awaitTexts(scene().worker(place), "before", "after");
    assertEquals(List.of("before", "after"), scene().firstArrivals());
  }

  @Test
  final void aSeveredSendEndsUnknown() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(1);
    Transport transport = scene().connect(fixture().config().confirmTimeout(soon()));
    Member member = scene().worker(place);
    scene().sendUntilConfirmed(transport, place, 0, "warm");
    broker.pause();
    long sentAt = System.nanoTime();
    var severed = transport.send(Samples.message(place.topic(), 0, "severed"));
    assertEquals(Verdict.UNKNOWN, scene().failed(severed).verdict());
    assertWithin(sentAt, soon().plus(SLACK), "a send without confirm");
    broker.heal();
    scene().awaitTexts(member, scene().sendUntilConfirmed(transport, place, 0, "later"));
    assertEquals(Verdict.UNKNOWN, scene().failed(severed).verdict(), "a send completes once");
  }

  @Test
  final void sendNeverBlocksWhileTheBrokerIsPaused() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(2);
    Transport transport =
        scene().connect(fixture().config().confirmTimeout(AT_ONCE.multipliedBy(2)));
    scene().sendUntilConfirmed(transport, place, 0, "warm");
    broker.pause();
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      sends.add(transport.send(Samples.message(place.topic(), i % 2, "m" + i)));
      assertWithin(start, AT_ONCE, "send");
    }
    sends.forEach(scene()::failed);
    broker.heal();
  }

  @Test
  final void closeWaitsForSendsUnderWay() {
    Place place = scene().place(2);
    Transport transport = scene().connect(fixture().config());
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sends.add(transport.send(Samples.message(place.topic(), i % 2, "m" + i)));
    }
    transport.close();
    assertTrue(sends.stream().allMatch(CompletableFuture::isDone), "close returned before them");
    sends.forEach(scene()::confirmed);
    transport.close();
  }

  @Test
  final void aSendAfterCloseIsRefused() {
    Place place = scene().place(1);
    Transport transport = scene().connect(fixture().config());
    scene().sendUntilConfirmed(transport, place, 0, "before");
    transport.close();
    long start = System.nanoTime();
    TransportException failure =
        scene().failed(transport.send(Samples.message(place.topic(), 0, "after")));
    assertEquals(Verdict.REFUSED, failure.verdict(), failure.getMessage());
    assertWithin(start, AT_ONCE, "a send after close");
  }
}
