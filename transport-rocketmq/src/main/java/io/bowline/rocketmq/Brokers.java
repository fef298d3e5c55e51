// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.jspecify.annotations.Nullable;

/** Which brokers there are, as a name server knows them. */
final class Brokers {
  private Brokers() {}

  /** Those that hold a topic; none if there is no such topic. */
  static Collection<BrokerData> of(DefaultMQAdminExt admin, String topic) throws Exception {
    try {
      return admin.examineTopicRouteInfo(topic).getBrokerDatas();
    } catch (MQClientException e) {
      if (e.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
        return Set.of();
      }
      throw e;
    }
  }

  /**
   * The masters of a cluster.
   *
   * @param name the cluster's; may be left out where there is only one
   */
  static Set<String> masters(DefaultMQAdminExt admin, Optional<String> name) throws Exception {
    ClusterInfo info = admin.examineBrokerClusterInfo();
    Map<String, Set<String>> clusters = info.getClusterAddrTable();
    String cluster = name.orElseGet(() -> onlyOne(clusters.keySet()));
    Set<String> masters = new LinkedHashSet<>();
    for (String broker : clusters.getOrDefault(cluster, Set.of())) {
      masters.add(master(info.getBrokerAddrTable().get(broker)));
    }
    if (masters.isEmpty()) {
      throw new TransportException(
          Verdict.UNKNOWN, "No broker of cluster " + cluster + " is known to the name server");
    }
    return masters;
  }

  /** The masters of these. */
  static Set<String> masters(Collection<BrokerData> brokers) {
    Set<String> masters = new LinkedHashSet<>();
    brokers.forEach(broker -> masters.add(master(broker)));
    return masters;
  }

  private static String onlyOne(Set<String> clusters) {
    if (clusters.size() != 1) {
      throw new TransportException(
          clusters.isEmpty() ? Verdict.UNKNOWN : Verdict.REFUSED,
          "The name server knows the clusters "
              + clusters
              + ": name one by the option cluster, or wait until there is one");
    }
    return clusters.iterator().next();
  }

  static String master(@Nullable BrokerData broker) {
    String address = broker == null ? null : broker.getBrokerAddrs().get(MixAll.MASTER_ID);
    if (address == null) {
      throw new TransportException(
          Verdict.UNKNOWN, "Broker " + broker + " has no master just now; try again later");
    }
    return address;
  }
}
