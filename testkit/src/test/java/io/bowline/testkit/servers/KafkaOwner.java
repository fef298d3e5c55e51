// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;

/** The main class of a JVM that starts a Kafka, tells its pid and folder, and is then ended. */
final class KafkaOwner {

  private KafkaOwner() {}

  public static void main(String[] args) throws IOException {
    LocalKafka kafka = LocalKafka.startNew();
    System.out.println(kafka.process().pid());
    System.out.println(kafka.folder().path());
    int never = System.in.read();
    System.out.println(never);
  }
}
