// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.lock.LockLease;
import io.bowline.testkit.servers.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is particular to ZooKeeper about locks, on a real one. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ZooKeeperLockLeasesIT {
  private static final Duration LEASE = Duration.ofSeconds(20);

  private final String address = Servers.zooKeeper().address();
  private final String realm = "locks-" + UUID.randomUUID();
  private final CuratorFramework client = Zoo.started(address, Duration.ofSeconds(60));
  private final ZooKeeperLockLeases leases = ZooKeeperLockLeases.in(client, realm);

  @AfterEach
  void close() {
    client.close();
  }

  private static Optional<LockLease> taken(ZooKeeperLockLeases leases, Duration length) {
    return leases.take("u1", UUID.randomUUID().toString(), length);
  }

  private LockLease taken() {
    return taken(leases, LEASE).orElseThrow();
  }

  private List<String> nodes(String place) throws Exception {
    return client.checkExists().forPath(place) == null
        ? List.of()
        : client.getChildren().forPath(place);
  }

  @Test
  void aLeaseThatASessionCannotBearIsRefusedWithTheArithmetic() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> taken(leases, Duration.ofSeconds(41)));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("a lease of 41000 ms needs a session of 61500 ms"), said);
    assertTrue(said.contains("has 60000 ms"), said);
    assertTrue(said.contains("at most 40000 ms"), said);
    assertTrue(taken(leases, Duration.ofSeconds(40)).isPresent());
  }

  @Test
  void nothingStaysOfANameThatIsFreeAndTokensGrowAllTheSame() throws Exception {
    String place = "/bowline/lock/" + NodeName.of(realm);
    LockLease first = taken();
    assertEquals(List.of(NodeName.of("u1")), nodes(place));
    leases.giveBack(first);
    Zoo.until("the server removed the name", () -> nodes(place).isEmpty());
    LockLease second = taken();
    assertTrue(second.token() > first.token(), () -> second + " after " + first);
  }

  @Test
  void tokensGrowFromOneSessionToTheNextToo() {
    LockLease first = taken();
    leases.giveBack(first);
    try (CuratorFramework other = Zoo.started(address, Duration.ofSeconds(60))) {
      LockLease second = taken(ZooKeeperLockLeases.in(other, realm), LEASE).orElseThrow();
      assertTrue(second.token() > first.token(), () -> second + " after " + first);
    }
    LockLease third = taken();
    assertTrue(third.token() > first.token(), "its session ended with its client");
  }

  @Test
  void whoAsksForWhatIsTakenWritesNothing() throws Exception {
    LockLease held = taken();
    for (int i = 0; i < 10; i++) {
      assertEquals(Optional.empty(), taken(leases, LEASE));
    }
    leases.giveBack(held);
    LockLease next = taken();
    assertTrue(next.token() - held.token() < 10, () -> next + " after " + held);
  }

  @Test
  void aRenewalIsAWriteSinceAServerWithoutALeaderStillAnswersReads() {
    LockLease held = taken();
    for (int i = 0; i < 20; i++) {
      assertTrue(leases.renew(held, LEASE));
    }
    leases.giveBack(held);
    LockLease next = taken();
    assertTrue(next.token() - held.token() > 20, () -> next + " after " + held);
  }

  @Test
  void aNodeThatSomebodyRemovedByHandIsNotRenewed() throws Exception {
    LockLease held = taken();
    String place = "/bowline/lock/" + NodeName.of(realm) + "/" + NodeName.of("u1");
    client.delete().forPath(place + "/" + nodes(place).get(0));
    LockLease next = taken();
    assertFalse(leases.renew(held, LEASE));
    leases.giveBack(held);
    assertTrue(leases.renew(next, LEASE), "the first freed the next holder's lock");
  }

  @Test
  void itIsTheUsersClientWithItsNamespaceItsLoginAndItsAcls() throws Exception {
    ACLProvider mine =
        new ACLProvider() {
          @Override
          public List<ACL> getDefaultAcl() {
            return ZooDefs.Ids.CREATOR_ALL_ACL;
          }

          @Override
          public List<ACL> getAclForPath(String path) {
            return ZooDefs.Ids.CREATOR_ALL_ACL;
          }
        };
    String space = "space-" + UUID.randomUUID();
    try (CuratorFramework secured =
        Zoo.client(address, Duration.ofSeconds(60))
            .namespace(space)
            .authorization("digest", "beans:hidden".getBytes(UTF_8))
            .aclProvider(mine)
            .build()) {
      secured.start();
      LockLease held = taken(ZooKeeperLockLeases.in(secured, realm), LEASE).orElseThrow();
      assertNotNull(secured.checkExists().forPath("/bowline"));
      assertThrows(
          KeeperException.NoAuthException.class,
          () -> client.checkExists().forPath("/" + space + "/bowline"));
      CuratorFramework stranger = client.usingNamespace(space);
      ZooKeeperStoreException refused =
          assertThrows(
              ZooKeeperStoreException.class,
              () -> taken(ZooKeeperLockLeases.in(stranger, realm), LEASE));
      assertTrue(String.valueOf(refused.getMessage()).contains("NOAUTH"), refused.toString());
      assertTrue(ZooKeeperLockLeases.in(client, realm).take("u1", "o", LEASE).isPresent());
      assertFalse(refused.toString().contains("hidden"));
      assertTrue(held.token() > 0);
    }
  }

  @Test
  void aChrootThatIsNotThereIsAskedAfter() {
    try (CuratorFramework lost = Zoo.started(address + "/nowhere", Duration.ofSeconds(60))) {
      ZooKeeperStoreException refused =
          assertThrows(
              ZooKeeperStoreException.class,
              () -> taken(ZooKeeperLockLeases.in(lost, realm), LEASE));
      assertTrue(String.valueOf(refused.getMessage()).contains("chroot"), refused.toString());
    }
  }
}
