// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogTest {

  @Test
  void itsMessagesAreTheSumOfItsLanes() {
    Backlog left = Backlog.ofLanes("orders", "billing", Map.of(1, 4L, 0, 3L), Quality.EXACT);
    assertEquals(7, left.messages());
    assertEquals(List.of(0, 1), List.copyOf(left.lanes().keySet()));
    assertEquals(Optional.empty(), left.age());
  }

  @Test
  void itChangesNeverMore() {
    Map<Integer, Long> lanes = new HashMap<>(Map.of(0, 3L));
    Backlog left = Backlog.ofLanes("orders", "billing", lanes, Quality.EXACT);
    lanes.put(0, 4L);
    assertEquals(Map.of(0, 3L), left.lanes());
    assertThrows(UnsupportedOperationException.class, () -> left.lanes().clear());
  }

  @Test
  void anAgeIsAddedWithoutChangingTheRest() {
    Backlog left = Backlog.ofAll("orders", "billing", 5, Quality.AT_MOST);
    Backlog aged = left.age(Duration.ofSeconds(2));
    assertEquals(Optional.of(Duration.ofSeconds(2)), aged.age());
    assertEquals(5, aged.messages());
    assertEquals(Map.of(), aged.lanes());
    assertEquals(Quality.AT_MOST, aged.quality());
  }

  @Test
  void whatCannotBeIsRefused() {
    Optional<Duration> none = Optional.empty();
    assertThrows(
        IllegalArgumentException.class,
        () -> Backlog.ofAll("orders", "billing", -1, Quality.EXACT));
    assertThrows(
        IllegalArgumentException.class,
        () -> Backlog.ofLanes("orders", "billing", Map.of(0, -1L, 1, 2L), Quality.EXACT));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Backlog("orders", "billing", 2, Map.of(0, 1L), Quality.EXACT, none));
    Backlog left = Backlog.ofAll("orders", "billing", 1, Quality.EXACT);
    assertThrows(IllegalArgumentException.class, () -> left.age(Duration.ofMillis(-1)));
  }

  @Test
  void aTransportThatDoesNotTellRefusesAndSaysSo() {
    BrokerAdmin silent = (topic, mode) -> new Provisioning(topic.topic(), topic.lanes(), List.of());
    TransportException refused =
        assertThrows(TransportException.class, () -> silent.backlog("orders", "billing"));
    assertEquals(Verdict.REFUSED, refused.verdict());
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("orders") && said.contains("billing"), said);
  }
}
