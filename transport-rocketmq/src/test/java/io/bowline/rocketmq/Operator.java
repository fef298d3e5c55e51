// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.BrokerAddress;
import java.util.Properties;
import java.util.UUID;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * Who looks at a single broker, and changes its settings while it runs, by RocketMQ's own tools.
 */
final class Operator implements AutoCloseable {
  /** Their client as it is: its methods take the {@link #master}. */
  final DefaultMQAdminExt tools = new DefaultMQAdminExt(Reading.PATIENCE.toMillis());

  /** The broker's own address. */
  final String master;

  Operator(String address) {
    tools.setNamesrvAddr(BrokerAddress.parse(address).query().get("namesrv"));
    tools.setInstanceName("operator-" + UUID.randomUUID()); // or it shares what the last one closes
    try {
      tools.start();
      master =
          tools.examineBrokerClusterInfo().getBrokerAddrTable().values().stream()
              .map(Brokers::master)
              .findFirst()
              .orElseThrow();
    } catch (Exception e) {
      close();
      throw new IllegalStateException("Looking for the broker of " + address, e);
    }
  }

  String setting(String name) throws Exception {
    return tools.getBrokerConfig(master).getProperty(name);
  }

  void set(String name, String value) throws Exception {
    Properties changed = new Properties();
    changed.setProperty(name, value);
    tools.updateBrokerConfig(master, changed);
  }

  /** Takes seconds, for which nobody waits. */
  @Override
  public void close() {
    Thread closing = new Thread(tools::shutdown, "closing-the-tools");
    closing.setDaemon(true);
    closing.start();
  }
}
