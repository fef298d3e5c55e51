// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Lanes;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of each topic sent to. How many a topic has is asked once, on a thread of ours, and
 * kept while the producer lives, so that a key never changes its lane. Thread-safe.
 */
final class TopicLanes {
  /** How many idle keys a topic remembers the numbers of; see {@link KeyLines}. */
  static final int MAX_KEYS = 100_000;

  private final Transport transport;
  private final HandOver out;
  private final SendThreads threads;
  private final KeyRules keys;
  private final Map<String, CompletableFuture<Topic>> topics = new ConcurrentHashMap<>();

  private record Topic(LaneSender[] lanes, AtomicInteger turn) {}

  TopicLanes(Transport transport, HandOver out, SendThreads threads, KeyRules keys) {
    this.keys = keys;
    this.transport = transport;
    this.out = out;
    this.threads = threads;
  }

  /** The lane of a message, if its topic is known: its key's, or without key each in turn. */
  @Nullable LaneSender known(PendingSend send) {
    CompletableFuture<Topic> lookup = topics.get(send.message.topic());
    return lookup == null || !lookup.isDone() || lookup.isCompletedExceptionally()
        ? null
        : lane(send.key, lookup.join());
  }

  /**
   * The same for any topic, after at most this wait.
   *
   * @throws TransportException if it could not be looked up
   */
  LaneSender find(PendingSend send, Duration longest) throws InterruptedException {
    return lane(send.key, topic(send.message.topic(), longest));
  }

  private static LaneSender lane(@Nullable String key, Topic topic) {
    int lanes = topic.lanes.length;
    int lane =
        key == null ? Math.floorMod(topic.turn.getAndIncrement(), lanes) : Lanes.of(key, lanes);
    return topic.lanes[lane];
  }

  private Topic topic(String name, Duration longest) throws InterruptedException {
    CompletableFuture<Topic> lookup = topics.get(name);
    if (lookup == null) {
      lookup = topics.computeIfAbsent(name, this::ask);
    }
    try {
      return lookup.isDone() ? lookup.get() : threads.get(lookup, longest);
    } catch (ExecutionException failure) {
      topics.remove(name, lookup);
      throw HandOver.verdictOf(failure);
    } catch (TimeoutException late) {
      throw new TransportException(
          Verdict.NOT_STORED,
          "how many lanes topic " + name + " has was not known within " + longest,
          late);
    }
  }

  private CompletableFuture<Topic> ask(String name) {
    return CompletableFuture.supplyAsync(
        () -> lanes(name, transport.lanes(name)), threads.lookups());
  }

  /** The lanes of all topics that are known. */
  Stream<LaneSender> used() {
    return topics.values().stream()
        .filter(lookup -> lookup.isDone() && !lookup.isCompletedExceptionally())
        .flatMap(lookup -> Stream.of(lookup.join().lanes));
  }

  /** Nobody waits for an answer any longer. */
  void close() {
    topics
        .values()
        .forEach(
            lookup ->
                lookup.completeExceptionally(
                    new TransportException(Verdict.NOT_STORED, "the producer was closed")));
  }

  private Topic lanes(String name, int count) {
    if (count < 1) {
      throw new TransportException(
          Verdict.NOT_STORED,
          "topic " + name + " has " + count + " lanes, by what the broker says");
    }
    LaneSender[] lanes = new LaneSender[count];
    for (int lane = 0; lane < count; lane++) {
      KeyLines lines = new KeyLines(Math.max(1, MAX_KEYS / count), keys);
      lanes[lane] = new LaneSender(new Place(name, lane), out, lines);
    }
    return new Topic(lanes, new AtomicInteger());
  }
}
