// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Fault;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import io.bowline.audit.TopicAudit;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What the queues of a topic mean for what is confirmed. Pure. */
final class QueueFindings {
  private static final int REPLICAS = 3;
  private static final int MOST_NAMED = 3;
  private static final String ANEW = "declare a new queue, since these are its arguments: ";

  private final String where;
  private final int lanes;
  private final Fact<List<QueueFacts>> queues;

  QueueFindings(String topic, int lanes, Fact<List<QueueFacts>> queues) {
    this.where = "topic " + topic;
    this.lanes = lanes;
    this.queues = queues;
  }

  /** Of the weakest of its queues: a quorum queue confirms what a majority has on disk. */
  static Durability durability(List<QueueFacts> queues) {
    if (queues.isEmpty()) {
      return Durability.UNVERIFIED;
    }
    if (!queues.stream().allMatch(QueueFacts::isQuorum)) {
      return Durability.LOCAL;
    }
    boolean replicated = queues.stream().allMatch(queue -> queue.members().size() > 1);
    return replicated ? Durability.REPLICATED_SYNC : Durability.LOCAL_SYNC;
  }

  /** How long a message is kept that nobody reads. */
  static Duration kept(List<QueueFacts> queues) {
    return queues.stream()
        .flatMap(queue -> queue.setting("message-ttl").stream())
        .filter(Number.class::isInstance)
        .map(millis -> Duration.ofMillis(((Number) millis).longValue()))
        .min(Comparator.naturalOrder())
        .orElse(TopicAudit.FOR_EVER);
  }

  List<Finding> all() {
    return List.of(
        readBySomebody(),
        type(),
        durable(),
        members(),
        overflow(),
        expiry("message-ttl", "A message that nobody reads in that time is dropped."),
        expiry("expires", "A queue that nobody uses for that time is deleted with all in it."),
        deliveryLimit(),
        deadLetters());
  }

  private Finding readBySomebody() {
    Check check = Check.warning("groups", where);
    return queues.judge(
        check,
        all -> {
          String read = all.size() + " queues for " + lanes + " lanes";
          return all.size() >= lanes
              ? check.pass(read, "What is sent is kept for a group.")
              : check.fail(
                  read,
                  "A message for which there is no queue is kept for nobody.",
                  "make the groups before anything is sent: TopicSpec.groups, and ensure");
        });
  }

  private Finding none(Check check, String good, Fault<QueueFacts> fault) {
    return fault.judge(check, queues, QueueFindings::names, good);
  }

  static String names(List<QueueFacts> queues) {
    String first =
        queues.stream().limit(MOST_NAMED).map(QueueFacts::name).collect(Collectors.joining(", "));
    int more = queues.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private Finding type() {
    return none(
        Check.critical("queue-type", where),
        "A quorum queue confirms what a majority of its members has on disk.",
        new Fault<>(
            queue -> !queue.isQuorum(),
            "no quorum queue",
            "It has one copy, and is lost with its node or after a power cut.",
            ANEW + "x-queue-type=quorum"));
  }

  private Finding durable() {
    return none(
        Check.critical("durable", where),
        "It is there after a restart.",
        new Fault<>(
            queue -> !queue.durable(),
            "not durable",
            "A restart of its node deletes it with all in it.",
            ANEW + "durable"));
  }

  private Finding members() {
    return none(
        Check.critical("members", where),
        "One member may be lost, and no message with it.",
        new Fault<>(
            queue -> queue.members().size() < REPLICAS,
            "fewer than " + REPLICAS + " members",
            "With one member its disk has the one copy; of two, both must be there.",
            "rabbitmq-queues grow <node> all, in a cluster of three nodes"));
  }

  private static boolean dropsHead(QueueFacts queue) {
    boolean bounded =
        queue.setting("max-length").isPresent() || queue.setting("max-length-bytes").isPresent();
    Object overflow = queue.setting("overflow").orElse("drop-head");
    return bounded && !overflow.toString().startsWith("reject-publish");
  }

  private Finding overflow() {
    return none(
        Check.critical("overflow", where),
        "What is confirmed is not pushed out by what comes later.",
        new Fault<>(
            QueueFindings::dropsHead,
            "max-length with overflow drop-head",
            "Once it is full, the oldest messages are dropped unread.",
            "overflow=reject-publish in the policy, or no max-length"));
  }

  private Finding expiry(String setting, String meaning) {
    return none(
        Check.critical(setting, where),
        "Time alone takes nothing away.",
        new Fault<>(
            queue -> queue.setting(setting).isPresent(),
            setting + " is set",
            meaning,
            "take it out of the policy; as an argument it needs a new queue"));
  }

  /** RabbitMQ 4 has a limit of 20 of its own, which no API tells. */
  private static boolean dropsAfterReturns(QueueFacts queue) {
    Object limit = queue.setting("delivery-limit").orElse(queue.isQuorum() ? 20L : -1L);
    long returns = limit instanceof Number number ? number.longValue() : -1;
    boolean limited = returns >= 0 && returns < GroupQueues.DELIVERY_LIMIT;
    return limited && queue.setting("dead-letter-exchange").isEmpty();
  }

  private Finding deliveryLimit() {
    return none(
        Check.critical("delivery-limit", where),
        "A message that comes back often is not dropped.",
        new Fault<>(
            QueueFindings::dropsAfterReturns,
            "a delivery limit (20 by default from RabbitMQ 4.0 on) and no dead-letter exchange",
            "A message that came back as often, by crashes of consumers, is dropped.",
            "a large delivery-limit and Bowline's dead letters, or a dead-letter-exchange"));
  }

  private static boolean losesDeadLetters(QueueFacts queue) {
    boolean deadLetters = queue.setting("dead-letter-exchange").isPresent();
    Object strategy = queue.setting("dead-letter-strategy").orElse("at-most-once");
    return deadLetters && !strategy.equals("at-least-once");
  }

  private Finding deadLetters() {
    return none(
        Check.warning("dead-letter-strategy", where),
        "What RabbitMQ dead-letters is kept until its next queue has it.",
        new Fault<>(
            QueueFindings::losesDeadLetters,
            "a dead-letter exchange, at most once",
            "What RabbitMQ dead-letters is gone if its next queue does not take it.",
            "dead-letter-strategy=at-least-once with overflow=reject-publish, or Bowline's own dead"
                + " letters alone"));
  }
}
