// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.lock.HeldLock;
import io.bowline.lock.KeyLock;
import io.bowline.lock.LeasedLocks;
import io.bowline.lock.LockLease;
import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalZooKeeper;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks of a ZooKeeper that crashes, of sessions that end, and of connections that break. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ZooKeeperLockFailuresIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Is renewed after longer than anybody waits here. */
  private static final Duration LONG = Duration.ofMinutes(5);

  /** A client waits as long as a session for one connection, so these are shorter. */
  private static final Duration SHORTER = Duration.ofSeconds(30);

  private static final Duration LEASE = Duration.ofSeconds(20);

  private static final BrokerServer SERVER = LocalZooKeeper.startNew();

  private final FaultProxy cable = SERVER.proxied().orElseThrow().proxy();
  private final String behind = SERVER.proxied().orElseThrow().address();
  private final CuratorFramework client = Zoo.started(behind, Zoo.LONG);
  private final CuratorFramework otherClient = Zoo.started(SERVER.address(), Zoo.LONG);
  private final String realm = "failures-" + System.nanoTime();
  private final LeasedLocks locks = LeasedLocks.in(ZooKeeperLockLeases.in(client, realm), LONG);
  private final KeyLock others = LeasedLocks.in(ZooKeeperLockLeases.in(otherClient, realm), LONG);

  @AfterAll
  static void end() {
    SERVER.close();
  }

  @AfterEach
  void close() {
    cable.forward();
    locks.close();
    others.close();
    client.close();
    otherClient.close();
  }

  private HeldLock taken(KeyLock from) throws InterruptedException {
    return from.take("u1", PATIENCE).orElseThrow();
  }

  private static ZooKeeper handle(CuratorFramework client) throws Exception {
    return client.getZookeeperClient().getZooKeeper();
  }

  @Test
  void aSessionThatEndsWhileALockIsHeldIsToldAtOnce() throws Exception {
    HeldLock held = taken(locks);
    CountDownLatch lost = new CountDownLatch(1);
    held.onLost(lost::countDown);
    cable.freeze(); // or its client, thrown out by the other one, may throw that out before it ends
    end(handle(client));
    cable.forward();
    assertTrue(lost.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "long before a renewal");
    assertFalse(held.isHeld());
    HeldLock next = taken(others);
    assertTrue(next.token() > held.token());
    held.close();
    assertTrue(next.isHeld());
    next.close();
    assertTrue(taken(locks).isHeld(), "the next session has locks again");
  }

  /** One that is closed before it is connected ends nothing. */
  private static void end(ZooKeeper session) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper same =
        new ZooKeeper(
            Zoo.connectString(SERVER.address()),
            60_000,
            event -> connected.countDown(),
            session.getSessionId(),
            session.getSessionPasswd());
    assertTrue(connected.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    assertEquals(ZooKeeper.States.CONNECTED, same.getState());
    same.close();
  }

  @Test
  void aKilledServerThatComesBackKnowsWhoHoldsTheLock() throws Exception {
    try (CuratorFramework one = Zoo.started(SERVER.address(), SHORTER);
        CuratorFramework other = Zoo.started(SERVER.address(), SHORTER)) {
      ZooKeeperLockLeases leases = ZooKeeperLockLeases.in(one, realm);
      ZooKeeperLockLeases others = ZooKeeperLockLeases.in(other, realm);
      LockLease held = leases.take("u1", "one", LEASE).orElseThrow();
      SERVER.kill();
      SERVER.start();
      Zoo.until("it is renewed", () -> renewed(leases, held, LEASE));
      assertEquals(Optional.empty(), patiently(() -> others.take("u1", "other", LEASE)));
      leases.giveBack(held);
      assertTrue(others.take("u1", "other", LEASE).orElseThrow().token() > held.token());
    }
  }

  private static boolean renewed(ZooKeeperLockLeases leases, LockLease held, Duration length) {
    try {
      assertTrue(leases.renew(held, length));
      return true;
    } catch (ZooKeeperStoreException notYet) {
      return false;
    }
  }

  private interface Asking<T> {
    T now() throws InterruptedException;
  }

  private static <T> T patiently(Asking<T> asking) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return asking.now();
      } catch (ZooKeeperStoreException notYet) {
        assertTrue(System.nanoTime() < end, () -> "still: " + notYet);
      }
    }
  }

  @Test
  void aConnectionThatBreaksLosesNothing() throws Exception {
    ZooKeeperLockLeases leases = ZooKeeperLockLeases.in(client, realm);
    var held = leases.take("u1", "one", LONG).orElseThrow();
    AtomicInteger over = new AtomicInteger();
    Runnable endOfTelling = leases.tellWhatIsOver(lease -> over.incrementAndGet());
    for (int i = 0; i < 3; i++) {
      cable.cutAll();
      Zoo.until("it is renewed", () -> renewed(leases, held, LONG));
    }
    assertEquals(0, over.get());
    endOfTelling.run();
    leases.giveBack(held);
  }

  @Test
  void aTakingWhoseAnswerIsLostLocksNothingForLong() throws Exception {
    taken(locks).close(); // so that its session, which goes on, is there
    cable.dropAnswers();
    assertThrows(ZooKeeperStoreException.class, () -> locks.take("u2", Duration.ZERO));
    cable.cutAfterRequests();
    cable.forward();
    assertTrue(others.take("u2", PATIENCE).isPresent());
  }

  @Test
  void aMadeNodeWhoseAnswerIsLostIsRemovedThoughItsSessionGoesOn() throws Exception {
    String place = "/bowline/lock/" + NodeName.of(realm) + "/" + NodeName.of("u1");
    otherClient.create().creatingParentsIfNeeded().forPath(place); // stays, though it is empty
    taken(locks).close();
    long before = handle(client).getSessionId();
    CountDownLatch refused = new CountDownLatch(1);
    Thread taker =
        new Thread(
            () -> {
              assertThrows(RuntimeException.class, () -> locks.take("u1", Duration.ZERO));
              refused.countDown();
            });
    cable.latency(Duration.ofMillis(700)); // the first answer still comes, the second does not
    long answered = cable.toClients();
    taker.start();
    Zoo.until("the first was answered", () -> cable.toClients() > answered);
    cable.dropAnswers();
    Zoo.until("the node is made", () -> !otherClient.getChildren().forPath(place).isEmpty());
    assertTrue(refused.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    cable.cutAfterRequests();
    cable.forward();
    assertTrue(others.take("u1", PATIENCE).isPresent(), "nobody holds it");
    assertEquals(before, handle(client).getSessionId(), "by the end of the session");
  }

  @Test
  void aGivingBackWhoseConnectionIsGoneIsDoneWhenItIsBack() throws Exception {
    HeldLock held = taken(locks);
    long before = handle(client).getSessionId();
    cable.refuseConnections();
    cable.cutAll();
    Zoo.until("it is cut off", () -> !client.getZookeeperClient().isConnected());
    held.close();
    assertEquals(Optional.empty(), others.take("u1", Duration.ZERO), "it could not be told");
    cable.acceptConnections();
    assertTrue(others.take("u1", PATIENCE).isPresent());
    assertEquals(before, handle(client).getSessionId());
  }
}
