// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/** What the settings of a cluster mean for all its topics. Pure. */
final class ClusterFindings {
  private static final String WHERE = "the cluster";
  private static final String ELIGIBLE = "eligible.leader.replicas.version";
  private static final String TRANSACTION = "transaction.version";
  private static final int SAFE_TRANSACTIONS = 2;

  private final Fact<KafkaSettings> settings;
  private final Fact<Map<String, Short>> features;

  ClusterFindings(Fact<KafkaSettings> settings, Fact<Map<String, Short>> features) {
    this.settings = settings;
    this.features = features;
  }

  /** All, with the topic of groups' commits. */
  List<Finding> all(Fact<TopicDescription> commits) {
    return List.of(autoCreate(), commitsReplicated(commits), eligibleLeaders(), transactions());
  }

  private Finding autoCreate() {
    Check check = Check.warning("auto-create-topics", WHERE);
    return settings.judge(
        check,
        all -> {
          boolean creates = all.isTrue("auto.create.topics.enable");
          String read = "auto.create.topics.enable " + creates;
          return creates
              ? check.fail(
                  read,
                  "A mistyped name makes a topic that nobody reads, with the cluster's defaults.",
                  "auto.create.topics.enable=false in each broker's server.properties")
              : check.pass(read, "A topic that nobody made is refused.");
        });
  }

  private static Finding commitsReplicated(Fact<TopicDescription> commits) {
    Check check = Check.warning("commits-replicated", WHERE);
    return commits.judge(
        check,
        one -> {
          int replicas =
              one.partitions().stream()
                  .map(TopicPartitionInfo::replicas)
                  .mapToInt(List::size)
                  .min()
                  .orElse(0);
          String read = "%s has replication factor %d".formatted(one.name(), replicas);
          return replicas >= TopicFindings.REPLICAS
              ? check.pass(read, "What groups acknowledged survives the loss of a broker.")
              : check.fail(
                  read,
                  "With the broker that has them go the groups' commits, and all comes again.",
                  "kafka-reassign-partitions.sh for it, and offsets.topic.replication.factor=3");
        });
  }

  /** KIP-966: who may become leader is known beyond those in sync. */
  private Finding eligibleLeaders() {
    Check check = Check.notice("eligible-leader-replicas", WHERE);
    return features.judge(
        check,
        levels -> {
          int level = levels.getOrDefault(ELIGIBLE, (short) 0);
          String read = ELIGIBLE + " " + level;
          return level > 0
              ? check.pass(read, "Of replicas that went out of sync it is known which have all.")
              : check.fail(
                  read,
                  "If the last one in sync dies with its disk, a leader that lacks messages is"
                      + " the only choice.",
                  "kafka-features.sh --bootstrap-server … upgrade --feature " + ELIGIBLE + "=1");
        });
  }

  private Finding transactions() {
    Check check = Check.notice("transaction-version", WHERE);
    return features.judge(
        check,
        levels -> {
          int level = levels.getOrDefault(TRANSACTION, (short) 0);
          String read = TRANSACTION + " " + level;
          return level >= SAFE_TRANSACTIONS
              ? check.pass(read, "A late write of a transaction cannot get into the next one.")
              : check.fail(
                  read,
                  "A late write may hang in an open transaction; Bowline uses none, others may.",
                  "kafka-features.sh --bootstrap-server … upgrade --feature " + TRANSACTION + "=2");
        });
  }
}
