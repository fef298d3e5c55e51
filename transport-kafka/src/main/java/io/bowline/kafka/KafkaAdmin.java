// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics as Bowline wants them: three replicas of which two must confirm, where there are three
 * brokers. Groups need nothing: a new one starts with the oldest message. Thread-safe.
 */
final class KafkaAdmin implements BrokerAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAdmin.class);
  private static final int REPLICAS = 3;
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Admin admin;
  private final Duration patience;
  private final KafkaAudit audit;

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
  }

  /** Makes the topic, and waits until each partition has a leader that answers. */
  @Override
  public void ensure(TopicSpec spec) {
    long end = System.nanoTime() + patience.toNanos();
    OptionalInt present = find(spec.topic());
    if (present.isEmpty()) {
      create(spec);
      present = OptionalInt.of(spec.lanes());
    }
    int partitions = awaitPartitions(spec, present.getAsInt(), end);
    if (partitions != spec.lanes()) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic %s was to have %d lanes, but it exists with %d partitions. Ask for %d, or use"
                  .formatted(spec.topic(), spec.lanes(), partitions, partitions)
              + " another topic: changing the number would move keys between lanes.");
    }
    awaitLeaders(spec, end);
  }

  /** What lies behind the group's commits: no member of it need be there. */
  @Override
  public Backlog backlog(String topic, String group) {
    GroupBacklog question = new GroupBacklog(admin, topic, group, patience);
    return question.count(partitions(topic));
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
    Map<String, TopicDescription> described =
        KafkaAnswers.await(
            admin.describeTopics(List.of(topic)).allTopicNames(),
            patience,
            tried("Looking up topic " + topic));
    return Objects.requireNonNull(described.get(topic)).partitions().size();
  }

  private OptionalInt find(String topic) {
    try {
      return OptionalInt.of(partitions(topic));
    } catch (TransportException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  private void create(TopicSpec spec) {
    String tried = tried("Creating topic " + spec.topic() + " with " + spec.lanes() + " lanes");
    Collection<Node> brokers = KafkaAnswers.await(admin.describeCluster().nodes(), patience, tried);
    short replicas = (short) Math.min(REPLICAS, Math.max(1, brokers.size()));
    Map<String, String> settings = new HashMap<>();
    settings.put("unclean.leader.election.enable", "false");
    if (replicas == REPLICAS) {
      settings.put("min.insync.replicas", Integer.toString(REPLICAS - 1));
    }
    NewTopic topic = new NewTopic(spec.topic(), spec.lanes(), replicas).configs(settings);
    try {
      KafkaAnswers.await(admin.createTopics(List.of(topic)).all(), patience, tried);
      LOG.info("Created topic {}: {} lanes, {} replicas", spec.topic(), spec.lanes(), replicas);
    } catch (TransportException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      LOG.debug("Another created topic {} at the same time", spec.topic());
    }
  }

  /** A topic just made is not known to every broker yet. */
  private int awaitPartitions(TopicSpec spec, int known, long end) {
    while (true) {
      OptionalInt found = find(spec.topic());
      if (found.isPresent()) {
        return found.getAsInt();
      }
      if (!waitABit(end)) {
        return known;
      }
    }
  }

  /**
   * A producer that writes while partitions are being created can get its sequence numbers wrong
   * and lose its batches to the delivery timeout (KAFKA-15591).
   */
  private void awaitLeaders(TopicSpec spec, long end) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int lane = 0; lane < spec.lanes(); lane++) {
      wanted.put(new TopicPartition(spec.topic(), lane), OffsetSpec.latest());
    }
    String tried = tried("Waiting for leaders of topic " + spec.topic());
    while (true) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      try {
        KafkaAnswers.await(admin.listOffsets(wanted).all(), left, tried);
        return;
      } catch (TransportException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || !waitABit(end)) {
          throw e;
        }
      }
    }
  }

  private static boolean waitABit(long end) {
    LockSupport.parkNanos(ASK_AGAIN_NANOS);
    return System.nanoTime() < end && !Thread.currentThread().isInterrupted();
  }

  private static String tried(String what) {
    return what + " on Kafka";
  }
}
