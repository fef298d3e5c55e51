// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Severity;
import io.bowline.audit.Finding.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one healthy cluster of one version cannot show. */
final class ClusterFindingsTest {
  private static final List<NodeFacts> NODES = List.of(up("a"), up("b"), up("c"));

  private static NodeFacts up(String name) {
    return new NodeFacts(name, true, false);
  }

  private static NodeFacts down(String name) {
    return new NodeFacts(name, false, false);
  }

  private static QueueFacts queue(Map<String, Object> policy, String... members) {
    return new QueueFacts("q", "quorum", true, Map.of(), policy, List.of(members));
  }

  private static Finding finding(
      String check, List<NodeFacts> nodes, QueueFacts queue, String version) {
    return new ClusterFindings("t", Fact.of(List.of(queue)), Fact.of(nodes), Fact.of(version))
        .all(Fact.of(Optional.empty())).stream()
            .filter(one -> one.check().name().equals(check))
            .findFirst()
            .orElseThrow();
  }

  private static Finding online(List<NodeFacts> nodes) {
    return finding("members-online", nodes, queue(Map.of(), "a", "b", "c"), "4.2.0");
  }

  private static Finding timeout(Map<String, Object> policy) {
    return finding("consumer-timeout", NODES, queue(policy, "a"), "4.2.0");
  }

  @Test
  void aMemberThatIsAwayIsNamedAndSoIsTheLossOfTheMajority() {
    assertEquals(Status.PASS, online(NODES).status());
    Finding one = online(List.of(up("a"), up("b"), down("c")));
    assertEquals(Status.FAIL, one.status());
    assertEquals("members away at c, of q", one.read());
    assertTrue(one.meaning().startsWith("The next node"), one::toString);
    Finding two = online(List.of(up("a"), down("b")));
    assertEquals("members away at b, c, of q", two.read());
    assertTrue(two.meaning().startsWith("A queue without a majority"), two::toString);
  }

  @Test
  void aNodeOfNoMemberMayBeAway() {
    List<NodeFacts> four = List.of(up("a"), up("b"), up("c"), down("d"));
    assertEquals(Status.PASS, online(four).status());
  }

  @Test
  void aTimeoutOfConsumersThatIsNotToldIsGoodToKnowAndAShortOneIsFound() {
    assertEquals(Status.UNVERIFIABLE, timeout(Map.of()).status());
    assertEquals(Severity.NOTICE, timeout(Map.of()).check().severity());
    assertEquals(Status.PASS, timeout(Map.of("consumer-timeout", 300_000)).status());
    Finding hasty = timeout(Map.of("consumer-timeout", 299_999));
    assertEquals(Status.FAIL, hasty.status());
    assertEquals(Severity.WARNING, hasty.check().severity());
  }

  @Test
  void aNodeWithAnAlarmIsNamed() {
    QueueFacts queue = queue(Map.of(), "a");
    Finding alarm =
        finding("alarms", List.of(up("a"), new NodeFacts("b", true, true)), queue, "4.2.0");
    assertEquals(Status.FAIL, alarm.status());
    assertEquals("an alarm of memory or disk at b", alarm.read());
    assertEquals(Status.PASS, finding("alarms", NODES, queue, "4.2.0").status());
  }

  @ParameterizedTest
  @CsvSource({
    "3.13.7, PASS",
    "4.0.0, FAIL",
    "4.0.6+2, FAIL",
    "4.0.7, PASS",
    "4.2.9, PASS",
    "4.3.0, FAIL",
    "4.3.5, FAIL",
    "4.3.6, PASS",
    "4.10.0, PASS",
    "of tomorrow, UNVERIFIABLE"
  })
  void aVersionWithAKnownBugIsFound(String version, Status status) {
    assertEquals(status, finding("version", NODES, queue(Map.of(), "a"), version).status());
  }

  @ParameterizedTest
  @CsvSource({"4.2.9, UNVERIFIABLE", "4.3.0, PASS", "of tomorrow, UNVERIFIABLE"})
  void howPartitionsAreHandledIsNotTold(String version, Status status) {
    QueueFacts queue = queue(Map.of(), "a");
    assertEquals(status, finding("partition-handling", NODES, queue, version).status());
    Finding alone = finding("partition-handling", List.of(up("a")), queue, version);
    assertEquals(Status.PASS, alone.status());
  }
}
