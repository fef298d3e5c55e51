// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.Fact;
import java.util.Properties;

/**
 * A broker that holds a topic, as its master tells it. Not changed.
 *
 * @param name of the broker, that is of the master and its replicas
 * @param members how many of them the name server knows just now
 * @param electsUnclean whether a replica that lags may become its master
 * @param topicType of its part of the topic
 */
record BrokerFacts(
    String name, int members, Properties settings, Fact<Boolean> electsUnclean, String topicType) {

  boolean isTrue(String setting) {
    return Boolean.parseBoolean(settings.getProperty(setting, "false"));
  }

  boolean is(String setting, String value) {
    return settings.getProperty(setting, "").equals(value);
  }

  /** A number; 0 if it is not told. */
  int number(String setting) {
    String value = settings.getProperty(setting, "0").trim();
    return value.matches("-?\\d{1,9}") ? Integer.parseInt(value) : 0;
  }

  /** Whether the broker confirms only what two have, and the second one is there. */
  boolean replicates() {
    boolean byRole = is("brokerRole", "SYNC_MASTER") && number("inSyncReplicas") > 1;
    boolean byController =
        isTrue("enableControllerMode")
            && isTrue("allAckInSyncStateSet")
            && number("minInSyncReplicas") > 1;
    return members > 1 && (byRole || byController);
  }

  boolean flushes() {
    return is("flushDiskType", "SYNC_FLUSH");
  }
}
