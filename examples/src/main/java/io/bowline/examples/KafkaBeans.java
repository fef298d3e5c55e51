// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.testkit.servers.Servers;

/** The bean story on Kafka; see {@link BeanStory#play}. */
public final class KafkaBeans {
  private KafkaBeans() {}

  /** Arguments: {@code [kafka://host:port] [--orders N]}; without address it starts a broker. */
  public static void main(String[] args) {
    System.exit(BeanStory.play("kafka", KafkaBeans::startBroker, args));
  }

  /** With a short session, so that the lanes of the killed bean service move on soon. */
  private static String startBroker() {
    return Servers.kafka().address() + "?session.timeout.ms=6000&heartbeat.interval.ms=1500";
  }
}
