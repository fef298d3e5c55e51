// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.Outgoing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One producer of the client from its opening until it is put away, with its lanes. What one
 * incarnation has under way is told before the next one takes anything. Thread-safe.
 */
final class Incarnation {
  private static final Logger LOG = LoggerFactory.getLogger(Incarnation.class);

  /** The most lanes a topic may have here; more are taken for a mistake. */
  private static final int MOST_LANES = 1 << 17;

  private final Producer<byte[], byte[]> producer;
  private final Troubles troubles;
  private final ClientMetrics metrics;
  private final Map<String, KafkaLane[]> lanes = new ConcurrentHashMap<>();
  private final ExecutorService later;
  private volatile boolean troubled;

  /** What an incarnation's owner hears of it. */
  interface Troubles {
    /** It takes nothing more; true at the first call. It is put away once that is told. */
    boolean leaves(Incarnation incarnation, Throwable why);

    /** What it had under way is told, and then the next one may be opened. */
    void putAwayLater(Incarnation incarnation, Throwable why);

    void bufferFull();

    void unreachable(String topic);

    /** A message was stored after {@link Incarnation#trouble}; true if there is no trouble left. */
    boolean isOver(Incarnation incarnation);
  }

  Incarnation(Producer<byte[], byte[]> producer, Troubles troubles) {
    this.producer = producer;
    this.troubles = troubles;
    metrics = new ClientMetrics(producer);
    later = Executors.newSingleThreadExecutor(Incarnation::thread);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "bowline-kafka-lanes");
    thread.setDaemon(true);
    return thread;
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  ClientMetrics metrics() {
    return metrics;
  }

  /**
   * The lane a message goes to.
   *
   * @throws IllegalArgumentException if no topic has such a lane
   */
  KafkaLane lane(Outgoing message) {
    KafkaLane[] known = lanes.get(message.topic());
    int lane = message.lane();
    return known != null && lane >= 0 && lane < known.length
        ? known[lane]
        : more(message.topic(), lane);
  }

  private KafkaLane more(String topic, int lane) {
    if (lane < 0 || lane >= MOST_LANES) {
      throw new IllegalArgumentException("Invalid partition: " + lane);
    }
    KafkaLane[] grown =
        lanes.compute(
            topic,
            (name, known) -> {
              int from = known == null ? 0 : known.length;
              if (known != null && lane < from) {
                return known;
              }
              int size = Math.max(lane + 1, Math.min(2 * from, MOST_LANES));
              KafkaLane[] all = known == null ? new KafkaLane[size] : Arrays.copyOf(known, size);
              for (int i = from; i < size; i++) {
                all[i] = new KafkaLane(this, name, i);
              }
              return all;
            });
    return grown[lane];
  }

  /** Runs a task on a thread that may wait for room in the client's buffer; one at a time. */
  void later(Runnable task) {
    try {
      later.execute(task);
    } catch (RejectedExecutionException put) {
      LOG.debug("Nothing is handed over any more: the producer is put away", put);
    }
  }

  /** Whether the client may have sent something a second time since then: an unsure answer. */
  boolean mayHaveTriedAgainSince(long sentAt) {
    return metrics.mayHaveTriedAgainSince(sentAt);
  }

  /** A message was stored. */
  void stored() {
    if (troubled && troubles.isOver(this)) {
      troubled = false;
    }
  }

  /** What is stored from now on is told, until the trouble is over. */
  void trouble() {
    troubled = true;
  }

  boolean leaves(Throwable why) {
    return troubles.leaves(this, why);
  }

  void putAwayLater(Throwable why) {
    troubles.putAwayLater(this, why);
  }

  /** Ends it, from any thread but the client's own. */
  void end(Throwable why) {
    if (leaves(why)) {
      putAwayLater(why);
    }
  }

  void bufferFull() {
    troubled = true;
    troubles.bufferFull();
  }

  void unreachable(String topic) {
    troubles.unreachable(topic);
  }

  /** Whether messages wait for the first of their lane. */
  boolean holdsSomeBack() {
    return lanes.values().stream().flatMap(Arrays::stream).anyMatch(KafkaLane::holdsSomeBack);
  }

  /** Takes nothing more. What was not handed over yet is told so. */
  void closeLanes() {
    for (KafkaLane[] ofTopic : lanes.values()) {
      for (KafkaLane lane : ofTopic) {
        lane.close();
      }
    }
    later.shutdown();
  }

  /** As {@link KafkaLane#failOlder}, in all lanes. */
  long failOlder(long moment, long now, String why) {
    long oldest = -1;
    for (KafkaLane[] ofTopic : lanes.values()) {
      for (KafkaLane lane : ofTopic) {
        oldest = Math.max(oldest, lane.failOlder(moment, now, why));
      }
    }
    return oldest;
  }

  /**
   * Ends the client without waiting for the broker. Waits for its thread, unless it is called by
   * that: then nothing is sent once the callback returns.
   */
  void stop() {
    try {
      producer.close(Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.debug("A broken Kafka producer did not close in order", e);
    }
  }

  /** Ends the client, and then whatever it forgot. */
  void putAway(Throwable why) {
    closeLanes();
    stop();
    abandon("its Kafka producer broke (" + why + ")");
  }

  /** Ends whatever is still under way. */
  void abandon(String why) {
    long now = System.nanoTime();
    failOlder(now, now, why + ". " + KafkaVerdicts.MAY_BE_STORED + ".");
  }
}
