// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.Fact;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;

/** What is asked of a cluster beside messages. Thread-safe. */
final class KafkaAdmin implements BrokerAdmin {
  private final Admin admin;
  private final Duration patience;
  private final KafkaAudit audit;
  private final TopicProvision provision;

  /**
   * Asks by this client.
   *
   * @param patience the longest wait for one answer
   * @param largestRequest in bytes, of our producer
   */
  KafkaAdmin(Admin admin, Duration patience, IntSupplier largestRequest) {
    this.admin = admin;
    this.patience = patience;
    this.audit = new KafkaAudit(admin, patience, largestRequest);
    this.provision = new TopicProvision(admin, patience, audit::settings);
  }

  @Override
  public Provisioning provide(TopicSpec topic, Mode mode) {
    return provision.provide(topic, mode);
  }

  /** Those that are not Kafka's own, as {@code __consumer_offsets}. */
  @Override
  public List<String> topics() {
    Set<String> names =
        KafkaAnswers.await(admin.listTopics().names(), patience, "Listing topics on Kafka");
    return names.stream().sorted().toList();
  }

  /** What lies behind the group's commits: no member of it need be there. */
  @Override
  public Backlog backlog(String topic, String group) {
    GroupBacklog question = new GroupBacklog(admin, topic, group, patience);
    return question.count(partitions(topic));
  }

  /** By the time of each message, which its producer gives unless the topic says otherwise. */
  @Override
  public Fact<Boolean> unreadFor(String topic, String group, Duration time) {
    GroupBacklog question = new GroupBacklog(admin, topic, group, patience);
    return Fact.of(question.isOlder(partitions(topic), time));
  }

  @Override
  public TopicAudit audit(String topic) {
    return audit.of(topic);
  }

  /**
   * How many partitions a topic has.
   *
   * @throws TransportException REFUSED if it does not exist
   */
  int partitions(String topic) {
    return provision.described(topic).partitions().size();
  }
}
