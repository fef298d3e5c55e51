// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.transport.TransportException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RabbitNamesTest {

  @Test
  void twoTopicsNeverShareAQueue() {
    assertEquals("beans.deduct.service.3", RabbitNames.queue("beans.deduct", "service", 3));
    assertEquals("beans.deduct%2Eservice.3", RabbitNames.queue("beans", "deduct.service", 3));
    assertNotEquals(RabbitNames.queue("a", "b%2Ec", 0), RabbitNames.queue("a", "b.c", 0));
  }

  @Test
  void namesTooLongForAmqpAreRefused() {
    RabbitNames.check("t".repeat(100), "g".repeat(140));
    assertThrows(
        TransportException.class, () -> RabbitNames.check("t".repeat(100), "g".repeat(160)));
    assertThrows(TransportException.class, () -> RabbitNames.check("t".repeat(250), ""));
    assertThrows(TransportException.class, () -> RabbitNames.check("ü".repeat(126), ""));
  }

  @Test
  void namesOfMarkersAreNotForTopics() {
    RabbitNames.checkNew("orders.lanes2");
    assertThrows(TransportException.class, () -> RabbitNames.checkNew("orders.lanes"));
    assertThrows(TransportException.class, () -> RabbitNames.checkNew("orders.lane-12"));
  }

  @Test
  void everyNumberOfLanesIsFoundWithFewQuestions() {
    for (int lanes = 1; lanes <= 1024; lanes++) {
      int expected = lanes;
      AtomicInteger questions = new AtomicInteger();
      int found =
          RabbitTopics.count(
              lane -> {
                questions.incrementAndGet();
                return lane < expected;
              });
      assertEquals(expected, found, "after " + questions + " questions");
      assertEquals(Math.min(21, questions.get()), questions.get(), "for " + lanes);
    }
  }
}
