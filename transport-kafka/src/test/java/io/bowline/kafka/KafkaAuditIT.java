// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.AuditMode;
import io.bowline.audit.AuditRefused;
import io.bowline.audit.AuditReport;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.LocalKafka;
import io.bowline.testkit.servers.LocalKafkaCluster;
import io.bowline.testkit.servers.LocalKafkaDoor;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each finding: a real topic or cluster that yields it, and one that does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaAuditIT {
  private final LocalKafkaCluster cluster =
      LocalKafkaCluster.startNew(Map.of("auto.create.topics.enable", "true"));
  private final PlainKafka kafka = new PlainKafka(cluster.address());
  private final Bowline bowline = Bowline.connect(cluster.address());
  private final String safe = PlainKafka.name();

  KafkaAuditIT() {
    bowline.admin().ensure(TopicSpec.of(safe).lanes(2));
  }

  @AfterAll
  void end() {
    bowline.close();
    kafka.close();
    cluster.close();
  }

  private TopicAudit audit(String topic) {
    return bowline.audit(topic).topics().get(0);
  }

  private static void status(Status expected, TopicAudit audit, String check) {
    Finding finding = audit.finding(check);
    assertEquals(expected, finding.status(), audit::toString);
    assertEquals(expected == Status.PASS, finding.remedy().isEmpty(), finding::toString);
  }

  private String made(NewTopic topic) {
    PlainKafka.get(kafka.admin.createTopics(List.of(topic)).all());
    PlainKafka.await(() -> isLed(topic.name()));
    return topic.name();
  }

  private boolean isLed(String topic) {
    try {
      return bowline.audit(topic).findings(Status.PASS).stream()
          .anyMatch(one -> one.check().name().equals("leaders"));
    } catch (TransportException notYet) {
      return false;
    }
  }

  @Test
  void aTopicThatEnsureMadeHasNoCriticalFinding() {
    TopicAudit audit = audit(safe);
    assertEquals(Durability.REPLICATED, audit.durability());
    assertEquals(List.of(), audit.critical());
    for (String check :
        List.of(
            "replication-factor",
            "min-insync-replicas",
            "min-insync-below-replicas",
            "unclean-leader-election",
            "leaders",
            "in-sync-replicas",
            "cleanup-policy",
            "retention",
            "retention-bytes",
            "max-message-bytes",
            "racks")) {
      status(Status.PASS, audit, check);
    }
  }

  @Test
  void whatIsOtherwiseIsToldWithBothSidesAndLeft() {
    Map<String, String> settings = Map.of("unclean.leader.election.enable", "true");
    String topic = made(new NewTopic(PlainKafka.name(), 2, (short) 1).configs(settings));
    Provisioning found = bowline.admin().ensure(TopicSpec.of(topic).lanes(2).groups("billing"));
    assertEquals(
        List.of(
            "DIFFERENT replication factor of topic %s: wanted 3, found 1".formatted(topic),
            "DIFFERENT unclean.leader.election.enable of topic %s: wanted false, found true"
                .formatted(topic),
            "DIFFERENT min.insync.replicas of topic %s: wanted 2, found 1".formatted(topic)),
        found.parts(Part.State.DIFFERENT).stream().map(Part::toString).toList());
    assertFalse(found.isAsAsked());
    status(Status.FAIL, audit(topic), "unclean-leader-election");
    assertTrue(bowline.admin().plan(TopicSpec.of(safe).lanes(2)).isAsAsked());
  }

  @ParameterizedTest
  @CsvSource({
    "min.insync.replicas, 1, min-insync-replicas, LOCAL",
    "min.insync.replicas, 3, min-insync-below-replicas, REPLICATED",
    "unclean.leader.election.enable, true, unclean-leader-election, LOCAL",
    "cleanup.policy, compact, cleanup-policy, REPLICATED",
    "cleanup.policy, 'compact,delete', cleanup-policy, REPLICATED",
    "retention.ms, 3600000, retention, REPLICATED",
    "retention.bytes, 1000000, retention-bytes, REPLICATED",
    "max.message.bytes, 1000, max-message-bytes, REPLICATED"
  })
  void aSettingThatBreaksAPromiseIsFound(
      String setting, String value, String check, Durability durability) {
    Map<String, String> settings = new HashMap<>(Map.of("min.insync.replicas", "2"));
    settings.put(setting, value);
    NewTopic topic = new NewTopic(PlainKafka.name(), 2, (short) 3).configs(settings);
    TopicAudit audit = audit(made(topic));
    status(Status.FAIL, audit, check);
    Finding finding = audit.finding(check);
    assertTrue(finding.read().contains(setting + " " + value), finding::toString);
    assertEquals(durability, audit.durability());
    assertEquals(1, ofTopic(audit), audit::toString);
  }

  private static long ofTopic(TopicAudit audit) {
    return audit.findings(Status.FAIL).stream()
        .filter(finding -> finding.check().where().startsWith("topic "))
        .count();
  }

  @Test
  void aTopicThatWaitsForItsDisksIsTold() {
    Map<String, String> settings = Map.of("min.insync.replicas", "2", "flush.messages", "1");
    String three = made(new NewTopic(PlainKafka.name(), 1, (short) 3).configs(settings));
    assertEquals(Durability.REPLICATED_SYNC, audit(three).durability());
    String one = made(new NewTopic(PlainKafka.name(), 1, (short) 1).configs(settings));
    assertEquals(Durability.LOCAL_SYNC, audit(one).durability());
  }

  @Test
  void replicasInOneRackAreFound() {
    NewTopic left = new NewTopic(PlainKafka.name(), Map.of(0, List.of(1, 2), 1, List.of(2, 3)));
    Finding finding = audit(made(left)).finding("racks");
    assertEquals(Status.FAIL, finding.status());
    assertEquals("all replicas in one rack for partitions 0", finding.read());
  }

  @Test
  void whoIsAwayIsMissed() {
    String last = made(new NewTopic(PlainKafka.name(), Map.of(0, List.of(3))));
    cluster.kill(3);
    try {
      PlainKafka.await(() -> audit(safe).finding("in-sync-replicas").status() == Status.FAIL);
      status(Status.PASS, audit(safe), "leaders");
      PlainKafka.await(() -> audit(last).finding("leaders").status() == Status.FAIL);
      assertTrue(audit(last).finding("leaders").read().endsWith("partitions 0"));
    } finally {
      cluster.start(3);
      cluster.awaitReady(3);
    }
    PlainKafka.await(() -> audit(safe).finding("in-sync-replicas").status() == Status.PASS);
  }

  @Test
  void theClusterIsLookedAtToo() {
    TopicAudit here = audit(safe);
    status(Status.FAIL, here, "auto-create-topics");
    status(Status.PASS, here, "eligible-leader-replicas");
    status(Status.PASS, here, "transaction-version");
    level("eligible.leader.replicas.version", 0);
    level("transaction.version", 0);
    PlainKafka.await(() -> audit(safe).finding("eligible-leader-replicas").status() == Status.FAIL);
    PlainKafka.await(() -> audit(safe).finding("transaction-version").status() == Status.FAIL);
    level("eligible.leader.replicas.version", 1);
    level("transaction.version", 2);
  }

  private void level(String feature, int level) {
    FeatureUpdate update =
        new FeatureUpdate(
            (short) level,
            level == 0
                ? FeatureUpdate.UpgradeType.SAFE_DOWNGRADE
                : FeatureUpdate.UpgradeType.UPGRADE);
    PlainKafka.get(
        kafka.admin.updateFeatures(Map.of(feature, update), new UpdateFeaturesOptions()).all());
  }

  @Test
  void groupsCommitsAreLookedAtOnceTheyAreThere() {
    Map<TopicPartition, OffsetAndMetadata> read =
        Map.of(new TopicPartition(safe, 0), new OffsetAndMetadata(0));
    PlainKafka.get(kafka.admin.alterConsumerGroupOffsets("group", read).all());
    status(Status.PASS, audit(safe), "commits-replicated");
  }

  @Test
  void oneBrokerAloneIsFoundAndRefusedIfThatIsAskedFor() {
    String address = Servers.kafka().address();
    String topic = PlainKafka.name();
    try (Bowline alone = Bowline.connect(address)) {
      alone.admin().ensure(TopicSpec.of(topic).lanes(1));
      AuditReport report = alone.audit(topic);
      TopicAudit audit = report.topics().get(0);
      assertEquals(Durability.LOCAL, audit.durability());
      status(Status.FAIL, audit, "replication-factor");
      status(Status.FAIL, audit, "min-insync-replicas");
      status(Status.PASS, audit, "auto-create-topics");
      status(Status.UNVERIFIABLE, audit, "racks");
      assertFalse(report.isFine());
    }
    AuditRefused refused =
        assertThrows(
            AuditRefused.class,
            () -> Bowline.at(address).audit(AuditMode.ENFORCE, topic).connect());
    assertTrue(
        Optional.ofNullable(refused.getMessage()).orElse("").contains("replication factor 1"),
        refused::toString);
    Bowline.at(address).audit(AuditMode.WARN, topic).connect().close();
    Bowline.at(cluster.address()).audit(AuditMode.ENFORCE, safe).connect().close();
  }

  @Test
  void whatMayNotBeReadIsNoPass() {
    try (SecuredKafka secured = new SecuredKafka()) {
      String topic = "audited-" + PlainKafka.name();
      secured.user("reader", SecuredKafka.SECRET);
      secured.grant("reader", "audited-", AclOperation.DESCRIBE);
      PlainKafka.get(
          secured.plain.admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all());
      try (Transport transport =
          Transports.open(
              secured.at(
                  LocalKafkaDoor.SASL_TLS, SecuredKafka.scram("reader", SecuredKafka.SECRET)))) {
        PlainKafka.await(() -> transport.lanes(topic) == 1);
        TopicAudit audit = transport.admin().audit(topic);
        assertEquals(Durability.UNVERIFIED, audit.durability());
        status(Status.FAIL, audit, "replication-factor");
        status(Status.UNVERIFIABLE, audit, "min-insync-replicas");
        status(Status.UNVERIFIABLE, audit, "auto-create-topics");
        assertFalse(audit.isFine());
        assertTrue(
            audit.finding("min-insync-replicas").remedy().contains("DESCRIBE_CONFIGS"),
            audit::toString);
      }
    }
  }

  @Test
  void aTopicThatIsNotThereIsRefused() {
    TransportException refused =
        assertThrows(TransportException.class, () -> bowline.audit("nobody-made-" + safe));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }

  @Test
  void withoutAnAnswerThereIsNoReport() {
    try (LocalKafka other = LocalKafka.startNew();
        Bowline patient = Bowline.connect(other.address())) {
      String topic = PlainKafka.name();
      patient.admin().ensure(TopicSpec.of(topic).lanes(1));
      other.kill();
      TransportException unknown =
          assertThrows(TransportException.class, () -> patient.audit(topic));
      assertEquals(Verdict.UNKNOWN, unknown.verdict());
    }
  }
}
