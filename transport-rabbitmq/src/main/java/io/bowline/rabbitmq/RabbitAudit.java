// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.TopicAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the queues of a topic promise, by the management API: AMQP tells neither the type nor
 * the policies of a queue. Thread-safe.
 */
final class RabbitAudit {
  private static final String NEEDED = "com.rabbitmq.http.client.Client";

  private final RabbitTopics topics;
  private final RabbitSettings settings;

  RabbitAudit(RabbitTopics topics, RabbitSettings settings) {
    this.topics = topics;
    this.settings = settings;
  }

  /** One topic; refused if it does not exist. */
  TopicAudit of(String topic) {
    int lanes = topics.find(topic).lanes();
    Fact<ManagementApi> api = api();
    Fact<List<QueueFacts>> queues = api.then(one -> one.queues(topic));
    ClusterFindings cluster =
        new ClusterFindings(
            topic, queues, api.then(ManagementApi::nodes), api.then(ManagementApi::version));
    List<Finding> findings = new ArrayList<>(new QueueFindings(topic, lanes, queues).all());
    findings.addAll(cluster.all(api.then(one -> one.alternate(topic))));
    Durability durability =
        queues.value().map(QueueFindings::durability).orElse(Durability.UNVERIFIED);
    return new TopicAudit(
        topic, durability, queues.then(all -> Fact.of(QueueFindings.kept(all))), findings);
  }

  /** The topics that there are. */
  Fact<List<String>> topics() {
    return api().then(ManagementApi::topics);
  }

  private Fact<ManagementApi> api() {
    Optional<String> address = settings.management();
    if (address.isEmpty()) {
      return Fact.unknown(
          "AMQP does not tell it",
          "say where the management API is: ?management=http://host:15672");
    }
    try {
      Class<?> unused = Class.forName(NEEDED, false, RabbitAudit.class.getClassLoader());
    } catch (ClassNotFoundException absent) {
      return Fact.unknown(
          "com.rabbitmq:http-client is not on the class path",
          "add it, with com.fasterxml.jackson.core:jackson-databind");
    }
    return Fact.of(ManagementApi.at(address.get(), settings));
  }
}
