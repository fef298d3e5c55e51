// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Asks a cluster for the settings and the state that a topic depends on. Thread-safe; what is asked
 * needs DESCRIBE and DESCRIBE_CONFIGS, and what may not be asked is told as such.
 */
final class KafkaAudit {
  private static final String COMMITS = "__consumer_offsets";

  private final Admin admin;
  private final Duration patience;
  private final IntSupplier largestRequest;

  /**
   * Asks by this client.
   *
   * @param patience the longest wait for one answer
   * @param largestRequest in bytes, of our producer
   */
  KafkaAudit(Admin admin, Duration patience, IntSupplier largestRequest) {
    this.admin = admin;
    this.patience = patience;
    this.largestRequest = largestRequest;
  }

  /**
   * One topic.
   *
   * @throws TransportException REFUSED if it does not exist; UNKNOWN if no answer came
   */
  TopicAudit of(String topic) {
    Fact<TopicDescription> described = described(topic);
    Fact<KafkaSettings> settings = settings(topic);
    Fact<Collection<Node>> nodes =
        asked("the brokers", "DESCRIBE on the cluster", admin.describeCluster().nodes());
    TopicFindings ofTopic = new TopicFindings(topic, described, settings);
    List<Finding> findings = new ArrayList<>(ofTopic.all(largestRequest.getAsInt()));
    findings.addAll(new ClusterFindings(brokerSettings(nodes), features()).all(commits()));
    findings.add(ofTopic.racks(nodes));
    Durability durability =
        described
            .value()
            .flatMap(one -> settings.value().map(all -> TopicFindings.durability(one, all)))
            .orElse(Durability.UNVERIFIED);
    return new TopicAudit(
        topic, durability, settings.then(all -> Fact.of(TopicFindings.kept(all))), findings);
  }

  private Fact<TopicDescription> described(String topic) {
    return asked(
            "topic " + topic,
            "DESCRIBE on topic " + topic,
            admin.describeTopics(List.of(topic)).allTopicNames())
        .then(all -> Fact.of(Objects.requireNonNull(all.get(topic))));
  }

  private Fact<TopicDescription> commits() {
    try {
      return described(COMMITS);
    } catch (TransportException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Fact.unknown(
            "topic " + COMMITS + " is not there yet", "look again once a group has committed");
      }
      throw e;
    }
  }

  /** Those of one broker stand for all: they are to be the same everywhere. */
  private Fact<KafkaSettings> brokerSettings(Fact<Collection<Node>> nodes) {
    return nodes.then(
        all ->
            all.isEmpty()
                ? Fact.unknown("no broker was named", "look again")
                : settings(ConfigResource.Type.BROKER, all.iterator().next().idString()));
  }

  /** The settings of a topic that exists. */
  Fact<KafkaSettings> settings(String topic) {
    return settings(ConfigResource.Type.TOPIC, topic);
  }

  private Fact<KafkaSettings> settings(ConfigResource.Type type, String name) {
    ConfigResource resource = new ConfigResource(type, name);
    String whose = type == ConfigResource.Type.TOPIC ? "topic " + name : "the cluster";
    Fact<Map<ConfigResource, Config>> answer =
        asked(
            "the settings of " + whose,
            "DESCRIBE_CONFIGS on " + whose,
            admin.describeConfigs(List.of(resource)).all());
    return answer.then(all -> Fact.of(new KafkaSettings(all.get(resource))));
  }

  private Fact<Map<String, Short>> features() {
    Fact<FeatureMetadata> answer =
        asked(
            "the features", "DESCRIBE on the cluster", admin.describeFeatures().featureMetadata());
    return answer.then(all -> Fact.of(KafkaSettings.levels(all)));
  }

  private <T> Fact<T> asked(String what, String right, KafkaFuture<T> answer) {
    try {
      return Fact.of(
          KafkaAnswers.await(answer, patience, "Reading " + what + " for an audit of Kafka"));
    } catch (TransportException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Fact.unknown("this user may not read " + what, "grant it " + right);
      }
      if (e.getCause() instanceof UnsupportedVersionException) {
        return Fact.unknown("this broker does not tell " + what, "use a broker that does");
      }
      throw e;
    }
  }
}
