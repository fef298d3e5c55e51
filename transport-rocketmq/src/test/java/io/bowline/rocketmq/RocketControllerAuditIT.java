// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketReplica;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.transport.TopicSpec;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker whose master a controller elects. */
@Timeout(180)
final class RocketControllerAuditIT {
  private static final String TOPIC = "controlled";

  private static LocalRocket server;
  private static Bowline bowline;
  private static Operator operator;

  @BeforeAll
  static void start() {
    server =
        LocalRocket.startNew(
            LocalRocketSetup.plain()
                .controller()
                .broker("allAckInSyncStateSet", "true")
                .broker("minInSyncReplicas", "2"));
    bowline = Bowline.connect(server.address());
    operator = new Operator(server.address());
    bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(1));
  }

  @AfterAll
  static void stop() {
    operator.close();
    bowline.close();
    server.close();
  }

  private static Finding uncleanElection() {
    return bowline.audit(TOPIC).topics().get(0).finding("unclean-election");
  }

  private static void electUnclean(boolean yes) throws Exception {
    Properties changed = new Properties();
    changed.setProperty("enableElectUncleanMaster", Boolean.toString(yes));
    operator.tools.updateControllerConfig(changed, List.of(server.controller()));
  }

  @Test
  void whoWouldElectAReplicaThatLagsIsFound() throws Exception {
    assertEquals(Status.PASS, uncleanElection().status());
    electUnclean(true);
    Finding unclean = uncleanElection();
    assertEquals(Status.FAIL, unclean.status());
    assertTrue(unclean.read().contains("broker-a"), unclean::toString);
    electUnclean(false);
    assertEquals(Status.PASS, uncleanElection().status());
  }

  @Test
  void aControllerThatIsNotReachedFromHereIsNamed() throws Exception {
    try {
      operator.set("controllerAddr", server.controller() + ";127.0.0.1:1");
      Finding unknown = uncleanElection();
      assertEquals(Status.UNVERIFIABLE, unknown.status());
      assertTrue(unknown.read().contains("127.0.0.1:1"), unknown::toString);
      operator.set("controllerAddr", "controllers.example");
      operator.set("fetchControllerAddrByDnsLookup", "true");
      assertEquals(Status.UNVERIFIABLE, uncleanElection().status());
    } finally {
      operator.set("fetchControllerAddrByDnsLookup", "false");
      operator.set("controllerAddr", server.controller());
    }
  }

  @Test
  void aReplicaThatTheMasterWaitsForPasses() {
    try (LocalRocketReplica replica = LocalRocketReplica.of(server)) {
      TopicAudit whole = RocketReplicaAuditIT.auditOnce(bowline, TOPIC, Status.PASS);
      assertEquals(Durability.REPLICATED_SYNC, whole.durability());
      replica.kill();
      RocketReplicaAuditIT.auditOnce(bowline, TOPIC, Status.FAIL);
    }
  }
}
