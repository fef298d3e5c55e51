// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class HeldDeliveriesTest {
  private final HeldDeliveries held = new HeldDeliveries();

  @Test
  void nothingComesBeforeItsTime() {
    held.hold(delivery(0, 1), 100);
    assertEquals(List.of(), held.take(99, 10));
    assertEquals(1, held.take(100, 10).size());
    assertEquals(0, held.size());
  }

  @Test
  void theTimeLeftIsTold() {
    assertEquals(OptionalLong.empty(), held.untilNext(0));
    held.hold(delivery(0, 1), 100);
    held.hold(delivery(0, 2), 50);
    assertEquals(OptionalLong.of(20), held.untilNext(30));
    assertEquals(OptionalLong.of(0), held.untilNext(70));
  }

  @Test
  void thoseThatAreDueComeInTheOrderOfTheBroker() {
    held.hold(delivery(1, 3), 10);
    held.hold(delivery(0, 9), 20);
    held.hold(delivery(1, 2), 30);
    List<String> order = held.take(30, 10).stream().map(KafkaDelivery::nativeId).toList();
    assertEquals(List.of("orders/0/9", "orders/1/2", "orders/1/3"), order);
  }

  @Test
  void noMoreThanWantedAreTakenAndTheRestStays() {
    held.hold(delivery(0, 1), 10);
    held.hold(delivery(0, 2), 10);
    assertEquals(1, held.take(10, 1).size());
    assertEquals(1, held.size());
    assertEquals(1, held.due(10));
  }

  @Test
  void droppedLanesLeaveTheOthers() {
    held.hold(delivery(0, 1), 10);
    held.hold(delivery(1, 1), 10);
    held.hold(delivery(0, 2), 99);
    held.due(10);
    held.drop(Set.of(0));
    assertEquals(1, held.size());
    assertEquals("orders/1/1", held.take(10, 9).get(0).nativeId());
  }

  @Test
  void timesMayWrapAround() {
    held.hold(delivery(0, 1), Long.MIN_VALUE + 5);
    assertEquals(0, held.due(Long.MAX_VALUE - 5));
    assertEquals(1, held.due(Long.MIN_VALUE + 5));
  }

  private static KafkaDelivery delivery(int lane, long offset) {
    byte[] empty = {};
    return new KafkaDelivery(new ConsumerRecord<>("orders", lane, offset, empty, empty), 1, 1);
  }
}
