// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.LocalRabbitCluster;
import io.bowline.transport.TopicSpec;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What takes three nodes: a queue with three members, and one of them that is away. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class RabbitClusterAuditIT {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final String TOPIC = "audited";

  private static TopicAudit auditOnce(Bowline bowline, Predicate<TopicAudit> told) {
    long end = System.nanoTime() + PATIENCE;
    TopicAudit audit = bowline.audit(TOPIC).topics().get(0);
    while (!told.test(audit)) {
      String last = audit.toString();
      assertTrue(System.nanoTime() - end < 0, () -> "still " + last);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      audit = bowline.audit(TOPIC).topics().get(0);
    }
    return audit;
  }

  private static boolean has(TopicAudit audit, String check, Status status) {
    return audit.finding(check).status() == status;
  }

  @Test
  void threeMembersPassAndOneThatIsAwayIsNamedUntilItIsBack() {
    try (LocalRabbitCluster cluster = LocalRabbitCluster.startNewest();
        Bowline bowline = Bowline.connect(cluster.address())) {
      bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(2).groups("billing"));
      TopicAudit whole = auditOnce(bowline, one -> has(one, "members", Status.PASS));
      assertEquals(Status.PASS, whole.finding("members-online").status(), whole::toString);
      assertEquals(Durability.REPLICATED_SYNC, whole.durability());
      Finding partitions = whole.finding("partition-handling");
      assertEquals(Status.UNVERIFIABLE, partitions.status());
      assertTrue(partitions.isFine() && partitions.remedy().contains("pause_minority"));

      cluster.kill(3);
      TopicAudit lacking = auditOnce(bowline, one -> has(one, "members-online", Status.FAIL));
      Finding away = lacking.finding("members-online");
      assertTrue(
          away.read().startsWith("members away at " + cluster.name(3) + ", of "), away::read);
      assertTrue(away.meaning().startsWith("The next node"), away::meaning);
      assertEquals(Status.PASS, lacking.finding("members").status(), lacking::toString);

      cluster.start(3);
      cluster.awaitReady(3);
      auditOnce(bowline, one -> has(one, "members-online", Status.PASS));
    }
  }
}
