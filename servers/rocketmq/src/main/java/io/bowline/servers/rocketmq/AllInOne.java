// SPDX-License-Identifier: Apache-2.0
package io.bowline.servers.rocketmq;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.namesrv.NamesrvStartup;
import org.apache.rocketmq.proxy.ProxyStartup;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * Runs the name server and a proxy with the broker inside, and prints {@code READY} once the broker
 * is registered.
 *
 * <p>A broker's first registration is always lost, for its list of name servers fills a moment
 * after it starts, and the next comes 10 s later; until then clients find no route, not even to
 * topics on disk. Changing the broker's settings makes it register at once.
 */
public final class AllInOne {

  private static final Duration REGISTERED_WITHIN = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private AllInOne() {}

  /** Takes namesrv.conf, broker.conf, rmq-proxy.json, and the broker's own address. */
  public static void main(String[] args) {
    try {
      NamesrvStartup.main0(new String[] {"-c", args[0]});
      ProxyStartup.main(new String[] {"-bc", args[1], "-pc", args[2], "-pm", "local"});
      register(args[3]);
      System.out.println("READY");
    } catch (Exception | Error e) {
      // The servers' threads would keep a half-started process alive.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void register(String broker) throws Exception {
    Properties unchanged = new Properties();
    unchanged.setProperty("brokerPermission", "6");
    DefaultMQAdminExt admin = new DefaultMQAdminExt();
    admin.setInstanceName("bowline-registration");
    admin.start();
    long end = System.nanoTime() + REGISTERED_WITHIN.toNanos();
    while (!registered(admin, broker)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(broker + " is not registered after " + REGISTERED_WITHIN);
      }
      admin.updateBrokerConfig(broker, unchanged);
      LockSupport.parkNanos(POLL.toNanos());
    }
    // Its shutdown takes seconds; nobody waits for it.
    Thread closing = new Thread(admin::shutdown, "bowline-registration-closing");
    closing.setDaemon(true);
    closing.start();
  }

  private static boolean registered(DefaultMQAdminExt admin, String broker) throws Exception {
    ClusterInfo cluster = admin.examineBrokerClusterInfo();
    return cluster.getBrokerAddrTable() != null
        && cluster.getBrokerAddrTable().values().stream()
            .anyMatch(each -> broker.equals(each.getBrokerAddrs().get(MixAll.MASTER_ID)));
  }
}
