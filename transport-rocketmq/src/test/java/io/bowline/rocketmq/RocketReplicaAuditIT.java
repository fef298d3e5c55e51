// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketReplica;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.transport.TopicSpec;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is settled when a broker starts: a master that waits for a replica, and where it keeps. */
@Timeout(180)
final class RocketReplicaAuditIT {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final String TOPIC = "replicated";

  /** The name server hears of brokers a while after they start. */
  static TopicAudit auditOnce(Bowline bowline, String topic, Status replication) {
    long end = System.nanoTime() + PATIENCE;
    TopicAudit audit = bowline.audit(topic).topics().get(0);
    while (audit.finding("replication").status() != replication) {
      String last = audit.toString();
      assertTrue(System.nanoTime() - end < 0, () -> "still " + last);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      audit = bowline.audit(topic).topics().get(0);
    }
    return audit;
  }

  @Test
  void whatIsKeptInTheBrokersOwnMemoryIsFound() {
    LocalRocketSetup buffered =
        LocalRocketSetup.plain()
            .broker("transientStorePoolEnable", "true")
            .broker("transientStorePoolSize", "2")
            .broker("flushDiskType", "ASYNC_FLUSH");
    try (LocalRocket broker = LocalRocket.startNew(buffered);
        Bowline bowline = Bowline.connect(broker.address())) {
      bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(1));
      TopicAudit audit = bowline.audit(TOPIC).topics().get(0);
      assertEquals(Status.FAIL, audit.finding("transient-store-pool").status());
      assertEquals(Durability.UNVERIFIED, audit.durability());
    }
  }

  @Test
  void aReplicaThatIsWaitedForPassesForAsLongAsItIsThere() {
    LocalRocketSetup waits =
        LocalRocketSetup.plain().broker("brokerRole", "SYNC_MASTER").broker("inSyncReplicas", "2");
    try (LocalRocket master = LocalRocket.startNew(waits);
        Bowline bowline = Bowline.connect(master.address())) {
      bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(1));
      assertEquals(Durability.LOCAL_SYNC, auditOnce(bowline, TOPIC, Status.FAIL).durability());
      try (LocalRocketReplica replica = LocalRocketReplica.of(master)) {
        TopicAudit whole = auditOnce(bowline, TOPIC, Status.PASS);
        assertEquals(Durability.REPLICATED_SYNC, whole.durability());
        try (ReliableProducer producer = bowline.producer("replicated").open()) {
          producer.send(Message.to(TOPIC).key("k").text("kept twice")).join();
        }
        replica.kill();
        assertEquals(Durability.LOCAL_SYNC, auditOnce(bowline, TOPIC, Status.FAIL).durability());
      }
    }
  }
}
