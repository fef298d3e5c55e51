// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one node cannot show. */
final class QueueFindingsTest {
  private static QueueFacts quorum(int members) {
    List<String> nodes = List.of("a", "b", "c", "d", "e").subList(0, members);
    return new QueueFacts("q" + members, "QUORUM", true, Map.of(), Map.of(), nodes);
  }

  private static Finding members(QueueFacts... queues) {
    return new QueueFindings("t", queues.length, Fact.of(List.of(queues)))
        .all().stream()
            .filter(one -> one.check().name().equals("members"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void threeMembersAreEnoughAndTheWeakestQueueCounts() {
    assertEquals(Status.PASS, members(quorum(3), quorum(5)).status());
    Finding two = members(quorum(3), quorum(2));
    assertEquals(Status.FAIL, two.status());
    assertEquals("fewer than 3 members: q2", two.read());
  }

  @Test
  void theWeakestQueueTellsWhatIsSurvived() {
    assertEquals(Durability.REPLICATED_SYNC, QueueFindings.durability(List.of(quorum(3))));
    assertEquals(Durability.LOCAL_SYNC, QueueFindings.durability(List.of(quorum(3), quorum(1))));
    QueueFacts classic = new QueueFacts("c", "classic", true, Map.of(), Map.of(), List.of());
    assertEquals(Durability.LOCAL, QueueFindings.durability(List.of(quorum(3), classic)));
    assertEquals(Durability.UNVERIFIED, QueueFindings.durability(List.of()));
  }

  @Test
  void manyQueuesAreNotAllNamed() {
    assertEquals(
        "fewer than 3 members: q1, q2, q1 and 1 more",
        members(quorum(1), quorum(2), quorum(1), quorum(1)).read());
  }

  @Test
  void ofAnArgumentAndAPolicyTheSmallerHolds() {
    QueueFacts both =
        new QueueFacts(
            "q",
            "quorum",
            true,
            Map.of("x-max-length", 10, "x-overflow", "drop-head"),
            Map.of("max-length", 5, "overflow", "reject-publish", "expires", 7),
            List.of());
    assertEquals(Optional.of(5L), both.setting("max-length"));
    assertEquals(Optional.of("drop-head"), both.setting("overflow"));
    assertEquals(Optional.of(7), both.setting("expires"));
    assertEquals(Optional.empty(), both.setting("message-ttl"));
  }
}
