// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding.Status;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What one broker cannot show. */
final class BrokerFindingsTest {
  private static BrokerFacts broker(int members, String... settings) {
    return broker(Fact.of(false), members, settings);
  }

  private static BrokerFacts broker(Fact<Boolean> unclean, int members, String... settings) {
    Properties properties = new Properties();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      properties.setProperty(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new BrokerFacts("broker-a", members, properties, unclean, "FIFO");
  }

  private static Status status(String check, BrokerFacts... brokers) {
    return new BrokerFindings("t", Fact.of(List.of(brokers)))
        .all().stream()
            .filter(one -> one.check().name().equals(check))
            .findFirst()
            .orElseThrow()
            .status();
  }

  private static final BrokerFacts BY_ROLE =
      broker(2, "brokerRole=SYNC_MASTER", "inSyncReplicas=2", "flushDiskType=ASYNC_FLUSH");
  private static final BrokerFacts BY_CONTROLLER =
      broker(
          3,
          "enableControllerMode=true",
          "allAckInSyncStateSet=true",
          "minInSyncReplicas=2",
          "flushDiskType=SYNC_FLUSH");

  @Test
  void aReplicaIsWaitedForByRoleOrByController() {
    assertEquals(Status.PASS, status("replication", BY_ROLE, BY_CONTROLLER));
    assertEquals(Durability.REPLICATED, BrokerFindings.durability(List.of(BY_ROLE, BY_CONTROLLER)));
    assertEquals(Durability.REPLICATED_SYNC, BrokerFindings.durability(List.of(BY_CONTROLLER)));
  }

  @Test
  void aSyncMasterByDefaultWaitsForNobody() {
    assertEquals(
        Status.FAIL,
        status("replication", broker(2, "brokerRole=SYNC_MASTER", "inSyncReplicas=1")));
    assertEquals(
        Status.FAIL,
        status("replication", broker(1, "brokerRole=SYNC_MASTER", "inSyncReplicas=2")));
    assertEquals(
        Status.FAIL,
        status("replication", broker(3, "enableControllerMode=true", "minInSyncReplicas=2")));
  }

  @Test
  void aBufferInTheBrokersMemoryIsFound() {
    BrokerFacts buffer = broker(1, "transientStorePoolEnable=true", "flushDiskType=ASYNC_FLUSH");
    assertEquals(Status.FAIL, status("transient-store-pool", BY_ROLE, buffer));
    assertEquals(Status.PASS, status("transient-store-pool", BY_ROLE));
    assertEquals(Durability.UNVERIFIED, BrokerFindings.durability(List.of(buffer)));
  }

  @Test
  void oneThatElectsWhoLagsIsWorseThanOneThatCannotBeAsked() {
    BrokerFacts unclean = broker(Fact.of(true), 3);
    BrokerFacts unknown = broker(Fact.unknown("it is away", "wait"), 3);
    assertEquals(Status.PASS, status("unclean-election", BY_ROLE, BY_CONTROLLER));
    assertEquals(Status.UNVERIFIABLE, status("unclean-election", BY_ROLE, unknown));
    assertEquals(Status.FAIL, status("unclean-election", BY_ROLE, unknown, unclean));
  }
}
