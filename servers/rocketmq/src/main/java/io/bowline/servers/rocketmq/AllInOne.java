// SPDX-License-Identifier: Apache-2.0
package io.bowline.servers.rocketmq;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.broker.BrokerStartup;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.namesrv.NamesrvStartup;
import org.apache.rocketmq.proxy.ProxyStartup;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.jspecify.annotations.Nullable;

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

  /**
   * Takes namesrv.conf, broker.conf, rmq-proxy.json, the broker's own address, the proxy's mode
   * ({@code local} or {@code cluster}), and, where the broker asks who calls, a user with all
   * rights and the password.
   */
  public static void main(String[] args) {
    try {
      NamesrvStartup.main0(new String[] {"-c", args[0]});
      NamesrvStartup.controllerManagerMain(); // starts one only if the file asks for it
      RPCHook credentials =
          args.length < 7 ? null : new AclClientRPCHook(new SessionCredentials(args[5], args[6]));
      if (args[4].equals("cluster")) {
        System.setProperty(MixAll.NAMESRV_ADDR_PROPERTY, namesrvOf(args[1]));
        BrokerStartup.main(new String[] {"-c", args[1]});
        register(args[3], credentials);
        ProxyStartup.main(new String[] {"-pc", args[2], "-pm", "cluster"});
      } else {
        ProxyStartup.main(new String[] {"-bc", args[1], "-pc", args[2], "-pm", "local"});
        register(args[3], credentials);
      }
      System.out.println("READY");
    } catch (Exception | Error e) {
      // The servers' threads would keep a half-started process alive.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** The proxy tells everybody in this process where the name server is; it is not there yet. */
  private static String namesrvOf(String brokerConfig) throws IOException {
    Properties settings = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(brokerConfig))) {
      settings.load(in);
    }
    return settings.getProperty("namesrvAddr");
  }

  private static void register(String broker, @Nullable RPCHook credentials) throws Exception {
    Properties unchanged = new Properties();
    unchanged.setProperty("brokerPermission", "6");
    DefaultMQAdminExt admin = new DefaultMQAdminExt(credentials);
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
