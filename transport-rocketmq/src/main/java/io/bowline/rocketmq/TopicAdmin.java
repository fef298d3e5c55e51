// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.OptionalInt;

/** What is asked of RocketMQ beside its proxies; names are RocketMQ's own here. Thread-safe. */
interface TopicAdmin extends BrokerAdmin, AutoCloseable {

  /** The lanes recorded for a topic; empty if there is no record. */
  OptionalInt lanes(String topic);

  /** Sees to it that a group exists, in order, and starts with the oldest message. */
  void prepare(String topic, String group);

  @Override
  void close();

  /**
   * The admin that the options allow for. {@link RocketAdmin} is loaded only if a name server is
   * given, as it needs an artifact that most do not want.
   */
  static TopicAdmin of(RocketSettings settings, RocketClient client) {
    if (settings.namesrv().isEmpty()) {
      return new NoAdmin(settings);
    }
    try {
      return new RocketAdmin(settings, client);
    } catch (NoClassDefFoundError e) {
      throw new TransportException(
          Verdict.REFUSED,
          "The option namesrv needs org.apache.rocketmq:rocketmq-tools:5.5.0 on the class path,"
              + " which is not there (missing: "
              + e.getMessage()
              + "); add it, or leave namesrv out",
          e);
    }
  }
}
