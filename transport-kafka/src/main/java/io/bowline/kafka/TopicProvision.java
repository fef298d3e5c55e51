// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.audit.Fact;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
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
final class TopicProvision {
  private static final Logger LOG = LoggerFactory.getLogger(TopicProvision.class);
  private static final String MIN_IN_SYNC = "min.insync.replicas";
  private static final String UNCLEAN = "unclean.leader.election.enable";
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Admin admin;
  private final Duration patience;
  private final Function<String, Fact<KafkaSettings>> settings;

  /**
   * Asks by this client.
   *
   * @param patience the longest wait for one answer
   * @param settings those of a topic
   */
  TopicProvision(Admin admin, Duration patience, Function<String, Fact<KafkaSettings>> settings) {
    this.admin = admin;
    this.patience = patience;
    this.settings = settings;
  }

  /** A topic as this cluster can have it. */
  private record Safe(TopicSpec spec, int replicas) {
    int inSync() {
      return Math.max(1, replicas - 1);
    }

    NewTopic topic() {
      Map<String, String> settings = new HashMap<>();
      settings.put(UNCLEAN, "false");
      if (replicas == TopicFindings.REPLICAS) {
        settings.put(MIN_IN_SYNC, Integer.toString(inSync()));
      }
      return new NewTopic(spec.topic(), spec.lanes(), (short) replicas).configs(settings);
    }

    @Override
    public String toString() {
      return "%d lanes, %d replicas, %s".formatted(spec.lanes(), replicas, topic().configs());
    }
  }

  /** Makes the topic, and waits until each partition has a leader that answers. */
  Provisioning provide(TopicSpec spec, Mode mode) {
    long end = System.nanoTime() + patience.toNanos();
    Safe safe = new Safe(spec, replicas(spec));
    Optional<TopicDescription> found = find(spec.topic());
    boolean made = found.isEmpty() && mode == Mode.MAKE && create(safe);
    if (mode == Mode.MAKE) {
      found = await(spec.topic(), found, end);
    }
    int lanes = found.map(one -> one.partitions().size()).orElse(spec.lanes());
    if (mode == Mode.MAKE && lanes == spec.lanes()) {
      awaitLeaders(spec, end);
    }
    List<Part> parts =
        found
            .filter(one -> !made)
            .map(one -> compared(safe, one))
            .orElseGet(() -> List.of(Part.absent(mode, "topic " + spec.topic(), safe.toString())));
    return new Provisioning(spec.topic(), lanes, parts);
  }

  /** More replicas, and a higher number of them in sync, are as good. */
  private List<Part> compared(Safe safe, TopicDescription found) {
    String topic = "topic " + safe.spec.topic();
    List<Part> parts = new ArrayList<>();
    int lanes = found.partitions().size();
    parts.add(Part.compared(topic, safe.spec.lanes() + " lanes", lanes + " lanes"));
    int replicas = TopicFindings.replicas(found);
    parts.add(atLeast("replication factor of " + topic, safe.replicas, replicas));
    Fact<KafkaSettings> read = settings.apply(safe.spec.topic());
    if (read.value().isEmpty()) {
      String wanted = UNCLEAN + " false, " + MIN_IN_SYNC + " " + safe.inSync();
      parts.add(new Part("settings of " + topic, State.UNREAD, wanted, read.why()));
      return parts;
    }
    KafkaSettings all = read.value().get();
    parts.add(Part.compared(UNCLEAN + " of " + topic, "false", "" + all.isTrue(UNCLEAN)));
    parts.add(atLeast(MIN_IN_SYNC + " of " + topic, safe.inSync(), all.number(MIN_IN_SYNC, 1)));
    return parts;
  }

  private static Part atLeast(String what, long wanted, long found) {
    return Part.compared(what, "" + wanted, "" + (found > wanted ? wanted : found));
  }

  private int replicas(TopicSpec spec) {
    Collection<Node> brokers =
        KafkaAnswers.await(
            admin.describeCluster().nodes(), patience, tried("Asking for the brokers", spec));
    return Math.min(TopicFindings.REPLICAS, Math.max(1, brokers.size()));
  }

  private Optional<TopicDescription> find(String topic) {
    try {
      return Optional.of(described(topic));
    } catch (TransportException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * A topic.
   *
   * @throws TransportException REFUSED if it does not exist
   */
  TopicDescription described(String topic) {
    Map<String, TopicDescription> described =
        KafkaAnswers.await(
            admin.describeTopics(List.of(topic)).allTopicNames(),
            patience,
            "Looking up topic " + topic + " on Kafka");
    return Objects.requireNonNull(described.get(topic));
  }

  /** Whether it was made here; if not, somebody else made it at the same time. */
  private boolean create(Safe safe) {
    String tried = tried("Creating a topic with " + safe.spec.lanes() + " lanes", safe.spec);
    try {
      KafkaAnswers.await(admin.createTopics(List.of(safe.topic())).all(), patience, tried);
      LOG.info("Created topic {}: {}", safe.spec.topic(), safe);
      return true;
    } catch (TransportException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      LOG.debug("Another created topic {} at the same time", safe.spec.topic());
      return false;
    }
  }

  /** A topic just made is not known to every broker yet. */
  private Optional<TopicDescription> await(
      String topic, Optional<TopicDescription> known, long end) {
    Optional<TopicDescription> found = known;
    while (found.isEmpty()) {
      found = find(topic);
      if (found.isEmpty() && !waitABit(end)) {
        break;
      }
    }
    return found;
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
    String tried = tried("Waiting for leaders", spec);
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

  private static String tried(String what, TopicSpec spec) {
    return "%s for topic %s on Kafka".formatted(what, spec.topic());
  }
}
