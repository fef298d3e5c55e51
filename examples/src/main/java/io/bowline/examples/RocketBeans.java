// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.testkit.servers.Servers;

/** The bean story on RocketMQ; see {@link BeanStory#play}. */
public final class RocketBeans {
  private RocketBeans() {}

  /** Arguments: {@code [rocketmq://host:port] [--orders N]}; without address it starts a broker. */
  public static void main(String[] args) {
    System.exit(BeanStory.play("rocketmq", RocketBeans::startBroker, args));
  }

  /** With a short lease, so that what the killed bean service held moves on soon. */
  private static String startBroker() {
    return Servers.rocketmq().address() + "&invisible=10s";
  }
}
