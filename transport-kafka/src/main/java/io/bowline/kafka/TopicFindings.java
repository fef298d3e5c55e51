// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import io.bowline.audit.TopicAudit;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** What a topic's replicas and settings mean. Pure. */
final class TopicFindings {
  static final int REPLICAS = 3;
  private static final String MIN_IN_SYNC = "min.insync.replicas";
  private static final String UNCLEAN = "unclean.leader.election.enable";
  private static final Duration SHORT_RETENTION = Duration.ofDays(1);

  private final String topic;
  private final String where;
  private final Fact<TopicDescription> described;
  private final Fact<KafkaSettings> settings;

  TopicFindings(String topic, Fact<TopicDescription> described, Fact<KafkaSettings> settings) {
    this.topic = topic;
    this.where = "topic " + topic;
    this.described = described;
    this.settings = settings;
  }

  /** What a confirmed message survives: acks=all waits for all that are in sync. */
  static Durability durability(TopicDescription described, KafkaSettings settings) {
    boolean onDisk = settings.number("flush.messages", Long.MAX_VALUE) <= 1;
    boolean replicated =
        replicas(described) > 1 && settings.number(MIN_IN_SYNC, 1) > 1 && !settings.isTrue(UNCLEAN);
    if (replicated) {
      return onDisk ? Durability.REPLICATED_SYNC : Durability.REPLICATED;
    }
    return onDisk ? Durability.LOCAL_SYNC : Durability.LOCAL;
  }

  /** How long a message is kept. */
  static Duration kept(KafkaSettings settings) {
    long millis = settings.number("retention.ms", -1);
    boolean deletes = settings.text("cleanup.policy").orElse("delete").contains("delete");
    return millis < 0 || !deletes ? TopicAudit.FOR_EVER : Duration.ofMillis(millis);
  }

  /** All but those for which brokers must be known. */
  List<Finding> all(int largestRequest) {
    return List.of(
        replicationFactor(),
        minInSync(),
        minInSyncLeavesRoom(),
        unclean(),
        leaders(),
        inSync(),
        cleanup(),
        retention(),
        retentionBytes(),
        largest(largestRequest));
  }

  static int replicas(TopicDescription described) {
    return described.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }

  private String set(String setting, Object value) {
    return "kafka-configs.sh --bootstrap-server … --alter --topic %s --add-config %s=%s"
        .formatted(topic, setting, value);
  }

  private Finding replicationFactor() {
    Check check = Check.critical("replication-factor", where);
    return described.judge(
        check,
        one -> {
          int replicas = replicas(one);
          String read = "replication factor " + replicas;
          return replicas >= REPLICAS
              ? check.pass(read, "A broker may be lost while another one is being restarted.")
              : check.fail(
                  read,
                  replicas == 1
                      ? "A message that was confirmed is lost with the one disk that has it."
                      : "With one of two brokers away, either sends wait or nothing has a copy.",
                  "kafka-reassign-partitions.sh with " + REPLICAS + " brokers for each partition");
        });
  }

  private Finding minInSync() {
    Check check = Check.critical("min-insync-replicas", where);
    return settings.judge(
        check,
        all -> {
          long least = all.number(MIN_IN_SYNC, 1);
          String read = MIN_IN_SYNC + " " + least;
          return least > 1
              ? check.pass(read, "A confirmed message is with two brokers or more.")
              : check.fail(
                  read,
                  "Once the others lag, a message is confirmed that the leader alone has.",
                  set(MIN_IN_SYNC, 2));
        });
  }

  private Finding minInSyncLeavesRoom() {
    Check check = Check.warning("min-insync-below-replicas", where);
    return described.judge(
        check,
        one ->
            settings.judge(
                check,
                all -> {
                  int replicas = replicas(one);
                  long least = all.number(MIN_IN_SYNC, 1);
                  String read = MIN_IN_SYNC + " %d of %d replicas".formatted(least, replicas);
                  return least < replicas
                      ? check.pass(read, "One broker may be away, and sends go on.")
                      : check.fail(
                          read,
                          "As soon as one broker is away, no send is confirmed.",
                          "more replicas, or " + set(MIN_IN_SYNC, Math.max(1, replicas - 1)));
                }));
  }

  private Finding unclean() {
    Check check = Check.critical("unclean-leader-election", where);
    return settings.judge(
        check,
        all -> {
          boolean unclean = all.isTrue(UNCLEAN);
          String read = UNCLEAN + " " + unclean;
          return unclean
              ? check.fail(
                  read,
                  "A replica that lags may become leader, and what it lacks is lost.",
                  set(UNCLEAN, false))
              : check.pass(read, "Only a replica that has all becomes leader.");
        });
  }

  private static String partitions(TopicDescription one, Predicate<TopicPartitionInfo> which) {
    return one.partitions().stream()
        .filter(which)
        .map(partition -> Integer.toString(partition.partition()))
        .collect(Collectors.joining(", "));
  }

  private Finding leaders() {
    Check check = Check.warning("leaders", where);
    return described.judge(
        check,
        one -> {
          String without = partitions(one, part -> part.leader() == null);
          return without.isEmpty()
              ? check.pass("each partition has a leader", "All of it can be written and read.")
              : check.fail(
                  "no leader for partitions " + without,
                  "These can be neither written nor read.",
                  "start the brokers that have them; elect no unclean leader, that loses messages");
        });
  }

  private Finding inSync() {
    Check check = Check.warning("in-sync-replicas", where);
    return described.judge(
        check,
        one -> {
          String behind = partitions(one, part -> part.isr().size() < part.replicas().size());
          return behind.isEmpty()
              ? check.pass("all replicas are in sync", "Each replica has all.")
              : check.fail(
                  "replicas are behind or away for partitions " + behind,
                  "The next broker that is lost may stop sends.",
                  "start the broker that is away, or see why it lags:"
                      + " kafka-topics.sh --describe --under-replicated-partitions");
        });
  }

  private Finding cleanup() {
    Check check = Check.critical("cleanup-policy", where);
    return settings.judge(
        check,
        all -> {
          String policy = all.text("cleanup.policy").orElse("delete");
          String read = "cleanup.policy " + policy;
          return policy.contains("compact")
              ? check.fail(
                  read,
                  "Of a key only the newest message is kept, whether the others were read or not.",
                  set("cleanup.policy", "delete"))
              : check.pass(read, "No message goes because a later one has its key.");
        });
  }

  private Finding retention() {
    Check check = Check.warning("retention", where);
    return settings.judge(
        check,
        all -> {
          long millis = all.number("retention.ms", -1);
          String read = "retention.ms " + millis;
          boolean isLong = millis < 0 || millis >= SHORT_RETENTION.toMillis();
          return isLong
              ? check.pass(read, "A group that stands still loses nothing for a day or longer.")
              : check.fail(
                  read,
                  "What a group did not read for "
                      + Duration.ofMillis(millis)
                      + " is deleted unread.",
                  set("retention.ms", Duration.ofDays(7).toMillis()));
        });
  }

  private Finding retentionBytes() {
    Check check = Check.warning("retention-bytes", where);
    return settings.judge(
        check,
        all -> {
          long bytes = all.number("retention.bytes", -1);
          String read = "retention.bytes " + bytes;
          return bytes < 0
              ? check.pass(read, "Nothing is deleted because much arrives.")
              : check.fail(
                  read,
                  "The oldest messages of a partition that grows beyond it are deleted unread.",
                  set("retention.bytes", -1) + ", and watch the disks");
        });
  }

  private Finding largest(int ours) {
    Check check = Check.warning("max-message-bytes", where);
    return settings.judge(
        check,
        all -> {
          long theirs = all.number("max.message.bytes", ours);
          String read = "max.message.bytes %d, our max.request.size %d".formatted(theirs, ours);
          return theirs >= ours
              ? check.pass(read, "What the producer takes is not too large for the broker.")
              : check.fail(
                  read,
                  "A message that the producer takes may be refused by the broker.",
                  set("max.message.bytes", ours) + ", or a smaller max.request.size");
        });
  }

  /** Whether each partition survives the loss of a rack. */
  Finding racks(Fact<Collection<Node>> nodes) {
    Check check = Check.notice("racks", where);
    return nodes.judge(check, known -> described.judge(check, one -> racks(check, known, one)));
  }

  private static Finding racks(Check check, Collection<Node> nodes, TopicDescription one) {
    Map<Integer, String> rackOf = new HashMap<>();
    nodes.stream().filter(Node::hasRack).forEach(node -> rackOf.put(node.id(), node.rack()));
    if (rackOf.isEmpty()) {
      return check.unverifiable("no broker names its rack", "set broker.rack on each broker");
    }
    String inOne = partitions(one, part -> racks(part, rackOf).size() < 2);
    return inOne.isEmpty()
        ? check.pass("replicas lie in two racks or more", "A rack may be lost.")
        : check.fail(
            "all replicas in one rack for partitions " + inOne,
            "The loss of that rack is the loss of all copies.",
            "kafka-reassign-partitions.sh with brokers of different racks");
  }

  private static Set<String> racks(TopicPartitionInfo partition, Map<Integer, String> rackOf) {
    return partition.replicas().stream()
        .filter(node -> rackOf.containsKey(node.id()))
        .map(node -> rackOf.getOrDefault(node.id(), ""))
        .collect(Collectors.toSet());
  }
}
