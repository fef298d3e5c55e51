// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Clients of a ZooKeeper of these tests, and patience with it. */
final class Zoo {
  /** Of sessions that outlive a test. */
  static final Duration LONG = Duration.ofMinutes(8);

  private static final int TIMES = 16;

  private Zoo() {}

  /**
   * The connect string in the address of a server, which it names several times: a client waits for
   * one connection as long as its session, divided by how many servers it knows.
   */
  static String connectString(String address) {
    String plain = address.replaceFirst("^zookeeper://", "");
    int slash = plain.indexOf('/');
    String server = slash < 0 ? plain : plain.substring(0, slash);
    String chroot = slash < 0 ? "" : plain.substring(slash);
    return String.join(",", Collections.nCopies(TIMES, server)) + chroot;
  }

  /** Has not connected yet. */
  static CuratorFrameworkFactory.Builder client(String address, Duration session) {
    return CuratorFrameworkFactory.builder()
        .connectString(connectString(address))
        .ensembleTracker(false) // who comes by a proxy stays with it
        .sessionTimeoutMs((int) session.toMillis())
        .connectionTimeoutMs(10_000)
        .retryPolicy(new ExponentialBackoffRetry(50, 3));
  }

  static CuratorFramework started(String address, Duration session) {
    CuratorFramework client = client(address, session).build();
    client.start();
    return client;
  }

  static void until(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!holds.call()) {
      assertTrue(System.nanoTime() < end, () -> "waited in vain until " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
