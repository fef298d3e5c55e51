// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.TransportException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** Asks the masters of a topic, and who elects them, for their settings. */
final class RocketAudit {
  private RocketAudit() {}

  /** What follows from the brokers; that nothing can be verified, if one refuses to tell. */
  static TopicAudit of(String topic, Supplier<List<BrokerFacts>> asking) {
    Fact<List<BrokerFacts>> brokers = asked(asking);
    return new TopicAudit(
        topic,
        brokers.value().map(BrokerFindings::durability).orElse(Durability.UNVERIFIED),
        brokers.then(all -> Fact.of(BrokerFindings.kept(all))),
        new BrokerFindings(topic, brokers).all());
  }

  private static Fact<List<BrokerFacts>> asked(Supplier<List<BrokerFacts>> asking) {
    try {
      return Fact.of(asking.get());
    } catch (TransportException e) {
      if (e.getCause() instanceof MQBrokerException refused) {
        return Fact.unknown(
            "a broker refuses to tell its settings, code " + refused.getResponseCode(),
            "grant this user the right to get them");
      }
      throw e;
    }
  }

  static List<BrokerFacts> facts(
      DefaultMQAdminExt admin, String topic, Collection<BrokerData> brokers) throws Exception {
    List<BrokerFacts> facts = new ArrayList<>();
    Controllers controllers = new Controllers(admin);
    for (BrokerData broker : brokers) {
      String master = Brokers.master(broker);
      Properties settings = admin.getBrokerConfig(master);
      facts.add(
          new BrokerFacts(
              broker.getBrokerName(),
              broker.getBrokerAddrs().size(),
              settings,
              controllers.electUnclean(settings),
              OrderedTopic.type(admin.examineTopicConfig(master, topic))));
    }
    return facts;
  }
}
