// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.Audited;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each finding that one broker can yield: with a setting that yields it, and with one that does
 * not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RocketAuditIT {
  private final LocalRocket server = LocalRocket.startNew();
  private final Bowline bowline = Bowline.connect(server.address());
  private final Operator operator = new Operator(server.address());
  private final String topic = name();

  RocketAuditIT() {
    bowline.admin().ensure(TopicSpec.of(topic).lanes(2));
  }

  private static String name() {
    return "audited-" + UUID.randomUUID();
  }

  @AfterAll
  void end() {
    operator.close();
    bowline.close();
    server.close();
  }

  private TopicAudit audit() {
    return bowline.audit(topic).topics().get(0);
  }

  private static Status status(TopicAudit audit, String check) {
    return audit.finding(check).status();
  }

  @Test
  void oneBrokerAloneHasOneCopyOnItsDisk() {
    TopicAudit audit = audit();
    assertEquals(Durability.LOCAL_SYNC, audit.durability());
    assertEquals(Status.FAIL, status(audit, "replication"));
    assertEquals(1, audit.findings(Status.FAIL).size(), audit::toString);
    assertEquals(List.of(), audit.findings(Status.UNVERIFIABLE));
  }

  @ParameterizedTest
  @CsvSource({
    "flushDiskType, ASYNC_FLUSH, flush, LOCAL",
    "fileReservedTime, 1, retention, LOCAL_SYNC",
    "autoCreateTopicEnable, true, auto-create-topics, LOCAL_SYNC",
    "autoCreateSubscriptionGroup, true, auto-create-groups, LOCAL_SYNC",
    "enableAutoInSyncReplicas, true, auto-in-sync-replicas, LOCAL_SYNC"
  })
  void aSettingThatBreaksAPromiseIsFound(
      String setting, String value, String check, Durability durability) throws Exception {
    String before = operator.setting(setting);
    operator.set(setting, value);
    try {
      TopicAudit audit = audit();
      assertEquals(Status.FAIL, status(audit, check), audit::toString);
      assertEquals(durability, audit.durability());
      assertEquals(2, audit.findings(Status.FAIL).size(), audit::toString);
    } finally {
      operator.set(setting, before);
    }
    assertEquals(Status.PASS, status(audit(), check));
  }

  @Test
  void aTopicWithoutOrderIsFound() throws Exception {
    String loose = name();
    TopicConfig config = new TopicConfig(loose);
    config.setAttributes(Map.of("+message.type", "NORMAL"));
    operator.tools.createAndUpdateTopicConfig(operator.master, config);
    TopicAudit audit = bowline.audit(loose).topics().get(0);
    assertEquals(Status.FAIL, status(audit, "message-type"));
  }

  @Test
  void aGroupThatIsOtherwiseIsToldWithBothSidesAndLeft() throws Exception {
    SubscriptionGroupConfig loose = new SubscriptionGroupConfig();
    loose.setGroupName(name());
    operator.tools.createAndUpdateSubscriptionGroupConfig(operator.master, loose);
    TopicSpec spec = TopicSpec.of(topic).lanes(2).groups(loose.getGroupName());
    Part part = bowline.admin().ensure(spec).parts(Part.State.DIFFERENT).get(0);
    assertEquals("group %s at %s".formatted(loose.getGroupName(), operator.master), part.what());
    assertEquals("consumeMessageOrderly false, retryMaxTimes 16", part.found());
    Audited use = Audited.topic(topic).groups(loose.getGroupName());
    TopicAudit audit = bowline.audit(List.of(use)).topics().get(0);
    assertEquals(Status.FAIL, status(audit, "group-settings"));
    assertFalse(
        operator
            .tools
            .examineSubscriptionGroupConfig(operator.master, loose.getGroupName())
            .isConsumeMessageOrderly());
  }

  @Test
  void whatAServiceMakesOfItIsLookedAt() {
    String mine = name();
    bowline.admin().ensure(TopicSpec.of(mine).lanes(1).groups("mine").deadLetters(mine + "-dead"));
    Audited use = Audited.topic(mine).groups("mine").deadLetters(mine + "-dead");
    TopicAudit audit = bowline.audit(List.of(use)).topics().get(0);
    for (String check : List.of("group", "group-settings", "backlog-age", "dead-letters")) {
      assertEquals(Status.PASS, status(audit, check), audit::toString);
    }
    TopicAudit other = bowline.audit(List.of(use.groups("nobodys"))).topics().get(0);
    assertEquals(Status.FAIL, status(other, "group"));
  }

  @Test
  void theTopicsThatBowlineMadeAreListed() throws Exception {
    String somebodys = name();
    operator.tools.createAndUpdateTopicConfig(operator.master, new TopicConfig(somebodys));
    List<String> topics = bowline.admin().topics();
    assertTrue(topics.contains(topic), topics::toString);
    assertFalse(topics.contains(somebodys), topics::toString);
  }

  @Test
  void withoutANameServerNothingIsVerified() {
    try (Bowline alone = Bowline.connect(server.address().replaceAll("[?].*", ""))) {
      TopicAudit audit = alone.audit(topic).topics().get(0);
      assertEquals(audit.findings().size(), audit.findings(Status.UNVERIFIABLE).size());
      assertEquals(Durability.UNVERIFIED, audit.durability());
      assertFalse(audit.isFine());
      assertTrue(audit.findings().get(0).remedy().contains("namesrv="));
    }
  }

  @Test
  void aTopicThatIsNotThereIsRefused() {
    TransportException refused =
        assertThrows(TransportException.class, () -> bowline.audit(name()));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }
}
