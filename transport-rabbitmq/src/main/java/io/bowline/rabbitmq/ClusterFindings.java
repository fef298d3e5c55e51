// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import io.bowline.rabbitmq.KnownBug.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a cluster's nodes, version and settings mean for the queues of a topic. Pure. */
final class ClusterFindings {
  /** After which a consumer is told as stuck, unless told otherwise. */
  private static final Duration SHORT_TIMEOUT = Duration.ofMinutes(5);

  /**
   * From here on a cluster agrees by Raft on what queues there are, and knows no other handling.
   */
  private static final Version RAFT_ONLY = new Version(4, 3, 0);

  private static final String CLUSTER = "the cluster";
  private static final String TIMEOUT = "consumer-timeout";

  private final String where;
  private final Fact<List<QueueFacts>> queues;
  private final Fact<List<NodeFacts>> nodes;
  private final Fact<String> version;

  ClusterFindings(
      String topic,
      Fact<List<QueueFacts>> queues,
      Fact<List<NodeFacts>> nodes,
      Fact<String> version) {
    this.where = "topic " + topic;
    this.queues = queues;
    this.nodes = nodes;
    this.version = version;
  }

  List<Finding> all(Fact<Optional<String>> alternate) {
    return List.of(
        membersOnline(),
        consumerTimeout(),
        alternate(alternate),
        alarms(),
        knownBugs(),
        partitions());
  }

  private Finding membersOnline() {
    Check check = Check.warning("members-online", where);
    return nodes.judge(check, all -> queues.judge(check, some -> online(check, all, some)));
  }

  private static Finding online(Check check, List<NodeFacts> nodes, List<QueueFacts> queues) {
    Set<String> there =
        nodes.stream().filter(NodeFacts::running).map(NodeFacts::name).collect(Collectors.toSet());
    List<QueueFacts> lacking =
        queues.stream().filter(queue -> !there.containsAll(queue.members())).toList();
    if (lacking.isEmpty()) {
      return check.pass("so of all", "Each member is on a node that runs.");
    }
    Set<String> away =
        lacking.stream()
            .flatMap(queue -> queue.members().stream())
            .filter(node -> !there.contains(node))
            .collect(Collectors.toSet());
    boolean stopped = lacking.stream().anyMatch(queue -> !hasMajority(queue, there));
    return check.fail(
        "members away at %s, of %s"
            .formatted(
                away.stream().sorted().collect(Collectors.joining(", ")),
                QueueFindings.names(lacking)),
        stopped
            ? "A queue without a majority confirms nothing and hands out nothing."
            : "The next node that is lost takes a queue's majority, and stops it.",
        "start that node, with its disk; rabbitmq-queues quorum_status <queue> shows each member");
  }

  private static boolean hasMajority(QueueFacts queue, Set<String> there) {
    long online = queue.members().stream().filter(there::contains).count();
    return 2 * online > queue.members().size();
  }

  /** That of a node is in no answer of its API, that of a queue is. */
  private Finding consumerTimeout() {
    Check check = Check.warning(TIMEOUT, where);
    return queues.judge(
        check,
        all -> {
          List<QueueFacts> hasty =
              all.stream().filter(queue -> timeout(queue) < SHORT_TIMEOUT.toMillis()).toList();
          if (!hasty.isEmpty()) {
            return check.fail(
                TIMEOUT + " below 5 min: " + QueueFindings.names(hasty),
                "What is handled, or held for its next try, for longer than that comes again.",
                TIMEOUT + "=1800000 in the policy, in milliseconds; as an argument, a new queue");
          }
          return all.stream().anyMatch(queue -> queue.setting(TIMEOUT).isEmpty())
              ? Check.notice(TIMEOUT, where)
                  .unverifiable(
                      "the node's own consumer_timeout is told by no API",
                      "see that it is 30 min or more: rabbitmqctl environment; or say it of these"
                          + " queues, from 3.12 on, by the policy "
                          + TIMEOUT)
              : check.pass("so of all", "A message may be held for 5 min and longer.");
        });
  }

  private static long timeout(QueueFacts queue) {
    return queue.setting(TIMEOUT).orElse("") instanceof Number millis
        ? millis.longValue()
        : Long.MAX_VALUE;
  }

  private Finding alternate(Fact<Optional<String>> alternate) {
    Check check = Check.warning("alternate-exchange", where);
    return alternate.judge(
        check,
        one ->
            one.map(
                    name ->
                        check.fail(
                            "alternate exchange " + name,
                            "A message for which no group has a queue goes there, and is confirmed"
                                + " for nobody.",
                            "take alternate-exchange out of the policy; as an argument it needs a"
                                + " new exchange"))
                .orElseGet(
                    () ->
                        check.pass(
                            "no alternate exchange",
                            "A message for which there is no queue is returned.")));
  }

  private Finding alarms() {
    Check check = Check.warning("alarms", CLUSTER);
    return nodes.judge(
        check,
        all -> {
          List<String> alarmed =
              all.stream().filter(NodeFacts::alarmed).map(NodeFacts::name).toList();
          return alarmed.isEmpty()
              ? check.pass("no alarm of memory or disk", "Publishers are not blocked.")
              : check.fail(
                  "an alarm of memory or disk at " + String.join(", ", alarmed),
                  "Publishers are blocked, in the whole cluster, until it is over.",
                  "free disk or memory there, or drain the queues");
        });
  }

  private Finding knownBugs() {
    Check check = Check.warning("version", CLUSTER);
    return version.judge(
        check,
        text ->
            Version.parse(text)
                .map(number -> knownBugs(check, number))
                .orElseGet(
                    () -> check.unverifiable("version " + text, "look up its known bugs by hand")));
  }

  private static Finding knownBugs(Check check, Version version) {
    String read = "RabbitMQ " + version;
    return KnownBug.of(version)
        .map(bug -> check.fail(read, bug.what(), "RabbitMQ " + bug.mended() + " or later"))
        .orElseGet(() -> check.pass(read, "No bug is known here that loses what is confirmed."));
  }

  /** Its setting is in no answer of the API. */
  private Finding partitions() {
    Check check = Check.notice("partition-handling", CLUSTER);
    return nodes.judge(check, all -> version.judge(check, text -> partitions(check, all, text)));
  }

  private static Finding partitions(Check check, List<NodeFacts> nodes, String version) {
    if (nodes.size() == 1) {
      return check.pass("one node", "There is nobody to be parted from.");
    }
    boolean raft = Version.parse(version).filter(one -> one.compareTo(RAFT_ONLY) >= 0).isPresent();
    return raft
        ? check.pass("RabbitMQ " + version, "A minority of nodes changes nothing.")
        : check.unverifiable(
            "cluster_partition_handling is told by no API",
            "see that it is pause_minority: rabbitmqctl environment");
  }
}
