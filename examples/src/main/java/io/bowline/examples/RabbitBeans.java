// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.testkit.servers.Servers;

/** The bean story on RabbitMQ; see {@link BeanStory#play}. */
public final class RabbitBeans {
  private RabbitBeans() {}

  /** Arguments: {@code [rabbitmq://host:port] [--orders N]}; without address it starts a broker. */
  public static void main(String[] args) {
    System.exit(BeanStory.play("rabbitmq", () -> Servers.rabbitmq().address(), args));
  }
}
