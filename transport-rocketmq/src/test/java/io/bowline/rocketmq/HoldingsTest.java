// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.rocketmq.Holdings.Arrival;
import io.bowline.rocketmq.Holdings.Held;
import io.bowline.rocketmq.Holdings.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.message.MessageId;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.junit.jupiter.api.Test;

final class HoldingsTest {
  private final Holdings holdings = new Holdings();
  private final List<MessageId> ids =
      List.of(Views.newId(), Views.newId(), Views.newId(), Views.newId());

  private Arrival arrive(int offset, long popTime) {
    MessageView view = Views.popped(ids.get(offset), offset, popTime);
    return holdings.arrived(Place.of(view), view);
  }

  private Held at(int offset) {
    return Objects.requireNonNull(
        holdings.at(new Place("broker-a/3", offset, ids.get(offset).toString())));
  }

  /** All arrive together and are handed out. */
  private void handOut(int many) {
    for (int i = 0; i < many; i++) {
      assertEquals(Arrival.NEW, arrive(i, 1));
    }
    for (Held held : holdings.next(many, 0)) {
      held.delivery = delivery(held);
    }
  }

  private static RocketDelivery delivery(Held held) {
    var content = new RocketDelivery.Content("topic", 0, null, Map.of(), new byte[0]);
    return new RocketDelivery(content, held.place, held.attempt);
  }

  private static List<Long> offsets(List<Held> some) {
    List<Long> offsets = new ArrayList<>();
    some.forEach(each -> offsets.add(each.place.offset()));
    return offsets;
  }

  @Test
  void theHandleTellsThePlace() {
    Place.Popped popped = Place.of(Views.popped(ids.get(0), 17, 99));
    assertEquals("broker-a/3", popped.place().queue());
    assertEquals(17, popped.place().offset());
    assertEquals("99", popped.popTime());
    assertTrue(popped.ordered());
  }

  @Test
  void aLaterOneWaitsForTheEarlierOnesOfItsQueue() {
    handOut(3);
    holdings.accept(at(2));
    assertEquals(List.of(), offsets(holdings.acknowledgeable(at(2))));
    holdings.accept(at(0));
    assertEquals(List.of(0L), offsets(holdings.acknowledgeable(at(0))));
    holdings.end(at(0));
    holdings.accept(at(1));
    assertEquals(List.of(1L, 2L), offsets(holdings.acknowledgeable(at(1))));
  }

  @Test
  void whatIsHeldGoesOnUnderItsNewHandle() {
    handOut(2);
    RocketDelivery first = Objects.requireNonNull(at(0).delivery);
    assertEquals(Arrival.KNOWN, arrive(0, 2));
    assertEquals(Arrival.KNOWN, arrive(1, 2));
    assertEquals(List.of(), holdings.leftOut());
    assertNotNull(holdings.out(first), "the same delivery settles it");
    assertEquals(List.of(), holdings.next(10, 0), "nobody sees it twice");
    holdings.accept(at(0));
    assertEquals(List.of(0L), offsets(holdings.acknowledgeable(at(0))));
  }

  @Test
  void acceptedAndHandedOutAgainIsSeenByNobody() {
    handOut(2);
    holdings.accept(at(1));
    assertEquals(List.of(1L), offsets(holdings.lose(at(0))), "it would keep the queue closed");
    assertEquals(Arrival.KNOWN, arrive(0, 2));
    assertEquals(Arrival.DONE, arrive(1, 2));
    assertEquals(State.ACCEPTED, at(1).state);
    assertEquals(List.of(), offsets(holdings.acknowledgeable(at(1))), "0 is still at work");
    holdings.accept(at(0));
    assertEquals(List.of(0L, 1L), offsets(holdings.acknowledgeable(at(0))));
  }

  @Test
  void anotherMessageAtTheSameOffsetIsNew() {
    handOut(1);
    holdings.accept(at(0));
    holdings.end(at(0));
    MessageView other = Views.popped(Views.newId(), 0, 2);
    assertEquals(Arrival.NEW, holdings.arrived(Place.of(other), other));
  }

  @Test
  void nothingBehindALostOneIsAcknowledged() {
    handOut(3);
    holdings.accept(at(0));
    assertEquals(List.of(), offsets(holdings.lose(at(1))), "the core has it still");
    assertEquals(List.of(0L), offsets(holdings.acknowledgeable(at(0))));
    holdings.accept(at(2));
    assertTrue(holdings.behindLost(at(2)));
    assertFalse(holdings.behindLost(at(0)));
    holdings.end(at(1));
    holdings.end(at(0));
    assertEquals(List.of(), offsets(holdings.acknowledgeable(at(2))), "not even when it is gone");
  }

  @Test
  void whatANewHandingOutLeavesOutIsLost() {
    handOut(3);
    assertEquals(Arrival.KNOWN, arrive(0, 2));
    assertEquals(List.of(), holdings.leftOut());
    assertEquals(State.OUT, at(0).state);
    assertEquals(State.LOST, at(1).state);
    assertEquals(State.LOST, at(2).state);
    assertEquals(Arrival.KNOWN, arrive(1, 3));
    assertEquals(State.OUT, at(1).state, "it is ours again, and was never told otherwise");
  }

  @Test
  void aLostOneThatNobodySawIsForgotten() {
    assertEquals(Arrival.NEW, arrive(0, 1));
    assertEquals(List.of(0L), offsets(holdings.lose(at(0))));
    assertEquals(List.of(), holdings.next(10, 0));
    assertEquals(Arrival.NEW, arrive(0, 2));
    assertEquals(1, holdings.next(10, 0).size());
  }

  @Test
  void aReleasedOneWaitsForItsTime() {
    handOut(2);
    RocketDelivery first = Objects.requireNonNull(at(0).delivery);
    holdings.release(at(0), 500);
    assertNull(holdings.out(first), "it is settled");
    assertEquals(List.of(), holdings.next(10, 499));
    assertEquals(1, holdings.untilReady(499));
    List<Held> again = holdings.next(10, 500);
    assertEquals(List.of(0L), offsets(again));
    assertEquals(2, again.get(0).attempt);
  }

  @Test
  void attemptsDoNotFallWhenTheBrokerCountsLess() {
    handOut(1);
    for (int i = 0; i < 4; i++) {
      holdings.release(at(0), 0);
      assertEquals(1, holdings.next(1, 0).size());
    }
    holdings.release(at(0), 0);
    assertEquals(6, at(0).attempt);
    assertEquals(List.of(0L), offsets(holdings.lose(at(0))));
    MessageView again = Views.popped(ids.get(0), 0, 2, 2);
    assertEquals(Arrival.NEW, holdings.arrived(Place.of(again), again));
    assertEquals(7, at(0).attempt);
  }

  @Test
  void outsideOrderEachIsAcknowledgedByItself() {
    MessageView plain = Views.of(message());
    MessageView other = Views.of(message());
    holdings.arrived(Place.of(plain), plain);
    holdings.arrived(Place.of(other), other);
    assertEquals(2, holdings.next(10, 0).size());
    Held later = Objects.requireNonNull(holdings.at(Place.of(other).place()));
    holdings.accept(later);
    assertEquals(List.of(later), holdings.acknowledgeable(later));
  }

  private static Message message() {
    return ClientServiceProvider.loadService()
        .newMessageBuilder()
        .setTopic("t")
        .setBody(new byte[] {1})
        .build();
  }
}
