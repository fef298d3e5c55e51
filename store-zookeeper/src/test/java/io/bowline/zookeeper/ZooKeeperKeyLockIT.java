// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import io.bowline.lock.LeasedLocks;
import io.bowline.testkit.KeyLockConformance;
import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.Servers;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;

/** Locks lent by a real ZooKeeper, to each process in a session of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ZooKeeperKeyLockIT extends KeyLockConformance {
  private static final Queue<Belongings> ALL = new ConcurrentLinkedQueue<>();

  /** What a process has besides its locks, for longer than them: a session's end frees locks. */
  private record Belongings(FaultProxy cable, CuratorFramework client) {}

  @AfterAll
  static void end() {
    for (Belongings each : ALL) {
      each.cable.close();
      each.client.close();
    }
  }

  @Override
  protected Opened open(String realm, Duration lease) {
    URI server = URI.create(Servers.zooKeeper().address());
    FaultProxy cable = FaultProxy.to(server.getHost(), server.getPort());
    String address = "127.0.0.1:" + cable.port();
    CuratorFramework client = Zoo.started(address, lease.multipliedBy(3).dividedBy(2));
    ALL.add(new Belongings(cable, client));
    return new Opened(LeasedLocks.in(ZooKeeperLockLeases.in(client, realm), lease), cable::freeze);
  }
}
