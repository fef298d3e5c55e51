// SPDX-License-Identifier: Apache-2.0
package io.bowline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.audit.Audited;
import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import io.bowline.audit.Finding.Severity;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AuditorTest {
  private static final Finding LOSES =
      Check.critical("cleanup-policy", "topic dead").fail("compact", "Bad.", "delete");
  private static final Audited BEANS = Audited.topic("beans");

  private final Broker broker = new Broker();

  /** Tells what it was given. */
  private static final class Broker implements BrokerAdmin {
    final Map<String, TopicAudit> topics = new HashMap<>();
    Optional<Backlog> left = Optional.empty();
    Verdict verdict = Verdict.REFUSED;
    Part ours = Part.compared("replicas of topic beans", "3", "1");
    Part groups = Part.compared("order of group service", "true", "true");

    @Override
    public Provisioning provide(TopicSpec topic, Provisioning.Mode mode) {
      List<Part> parts = topic.groups().isEmpty() ? List.of(ours) : List.of(ours, groups);
      return new Provisioning(topic.topic(), 3, topic.lanes() == 3 ? parts : List.of(ours));
    }

    @Override
    public TopicAudit audit(String topic) {
      return Optional.ofNullable(topics.get(topic)).orElseThrow(() -> no("no topic " + topic));
    }

    @Override
    public Backlog backlog(String topic, String group) {
      return left.orElseThrow(() -> no("no group " + group));
    }

    private TransportException no(String what) {
      return new TransportException(verdict, what);
    }

    void has(String topic, Durability durability, Duration kept, Finding... findings) {
      topics.put(topic, new TopicAudit(topic, durability, Fact.of(kept), List.of(findings)));
    }
  }

  private Finding finding(Audited use, String check) {
    return Auditor.audit(broker, use).finding(check);
  }

  private Status status(Audited use, String check) {
    return finding(use, check).status();
  }

  private void beans(Duration kept) {
    broker.has("beans", Durability.REPLICATED, kept);
  }

  private static Backlog waiting(long messages) {
    return Backlog.ofAll("beans", "service", messages, Quality.EXACT);
  }

  @Test
  void whatIsNotSaidIsNotLookedAt() {
    beans(TopicAudit.FOR_EVER);
    assertEquals(List.of(), Auditor.audit(broker, BEANS).findings());
  }

  @Test
  void aGroupThatTheBrokerDoesNotKnowIsFound() {
    beans(TopicAudit.FOR_EVER);
    Audited use = BEANS.groups("service");
    assertEquals(Status.FAIL, status(use, "group"));
    assertEquals("no group service", finding(use, "group").read());
    broker.left = Optional.of(waiting(7));
    assertEquals(Status.PASS, status(use, "group"));
    assertEquals("7 messages wait (EXACT)", finding(use, "group").read());
  }

  @Test
  void whereNothingIsToldAMissingGroupIsNotVerified() {
    broker.topics.put("beans", new TopicAudit("beans", Durability.UNVERIFIED, List.of()));
    assertEquals(Status.UNVERIFIABLE, status(BEANS.groups("service"), "group"));
    assertEquals(Status.UNVERIFIABLE, status(BEANS.groups("service"), "backlog-age"));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNoFinding() {
    beans(TopicAudit.FOR_EVER);
    broker.verdict = Verdict.UNKNOWN;
    assertThrows(TransportException.class, () -> Auditor.audit(broker, BEANS.groups("service")));
    assertThrows(TransportException.class, () -> Auditor.audit(broker, BEANS.deadLetters("dead")));
  }

  @Test
  void aGroupThatIsOtherwiseIsFoundAndNotWhatIsTheTopics() {
    beans(TopicAudit.FOR_EVER);
    Audited use = BEANS.groups("service");
    assertEquals(Status.PASS, status(use, "group-settings"));
    broker.groups = Part.compared("order of group service", "true", "false");
    assertEquals(Status.FAIL, status(use, "group-settings"));
    assertEquals(
        "DIFFERENT order of group service: wanted true, found false",
        finding(use, "group-settings").read());
    broker.groups = Part.absent(Provisioning.Mode.LOOK, "group service", "in order");
    assertEquals(Status.UNVERIFIABLE, status(use, "group-settings"));
  }

  @Test
  void whatWaitsForMoreThanHalfOfItsTimeIsFound() {
    beans(Duration.ofHours(2));
    Audited use = BEANS.groups("service");
    broker.left = Optional.of(waiting(1).age(Duration.ofMinutes(61)));
    assertEquals(Status.FAIL, status(use, "backlog-age"));
    broker.left = Optional.of(waiting(1).age(Duration.ofMinutes(59)));
    assertEquals(Status.PASS, status(use, "backlog-age"));
    broker.left = Optional.of(waiting(0));
    assertEquals(Status.PASS, status(use, "backlog-age"));
    broker.left = Optional.of(waiting(1));
    assertEquals(Status.UNVERIFIABLE, status(use, "backlog-age"));
    beans(TopicAudit.FOR_EVER);
    assertEquals(Status.PASS, status(use, "backlog-age"));
  }

  @Test
  void deadLettersMustBeThereAndAsSafe() {
    beans(TopicAudit.FOR_EVER);
    Audited use = BEANS.deadLetters("dead");
    assertEquals("no topic dead", finding(use, "dead-letters").read());
    broker.has("dead", Durability.LOCAL_SYNC, TopicAudit.FOR_EVER);
    assertEquals(Status.FAIL, status(use, "dead-letters"));
    broker.has("dead", Durability.REPLICATED, TopicAudit.FOR_EVER, LOSES);
    assertEquals(
        "REPLICATED, and its source REPLICATED; worse than its source: cleanup-policy",
        finding(use, "dead-letters").read());
    broker.has("dead", Durability.REPLICATED_SYNC, TopicAudit.FOR_EVER);
    assertEquals(Status.PASS, status(use, "dead-letters"));
    broker.has("dead", Durability.UNVERIFIED, TopicAudit.FOR_EVER);
    assertEquals(Status.UNVERIFIABLE, status(use, "dead-letters"));
  }

  @Test
  void whatTheSourceFailsTooIsNoWorse() {
    broker.has("beans", Durability.LOCAL, TopicAudit.FOR_EVER, LOSES);
    broker.has("dead", Durability.LOCAL, TopicAudit.FOR_EVER, LOSES);
    assertEquals(Status.PASS, status(BEANS.parking("dead"), "parking"));
  }

  @Test
  void theWindowMustLastForAsLongAsMessagesMayCome() {
    beans(Duration.ofDays(7));
    assertEquals(Status.FAIL, status(BEANS.dedupeWindow(Duration.ofDays(6)), "dedupe-window"));
    assertEquals(Status.PASS, status(BEANS.dedupeWindow(Duration.ofDays(7)), "dedupe-window"));
    beans(TopicAudit.FOR_EVER);
    Finding always = finding(BEANS.dedupeWindow(Duration.ofDays(7)), "dedupe-window");
    assertEquals(Severity.NOTICE, always.check().severity());
    assertEquals(Status.FAIL, always.status());
  }

  @Test
  void anOutboxKeepsNothingForLongerThanItIsKnown() {
    beans(TopicAudit.FOR_EVER);
    Audited use = BEANS.keepsSent(Duration.ofDays(3));
    assertEquals(Status.UNVERIFIABLE, status(use, "outbox-retention"));
    assertEquals(Status.PASS, status(use.dedupeWindow(Duration.ofDays(3)), "outbox-retention"));
    assertEquals(Status.FAIL, status(use.dedupeWindow(Duration.ofDays(2)), "outbox-retention"));
  }

  @Test
  void aTopicThatIsNotThereIsRefused() {
    assertThrows(TransportException.class, () -> Auditor.audit(broker, BEANS));
  }
}
