// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was sent and how each ended, held against what the queue has. Of one thread. */
final class SentLedger {
  private final Transport transport;
  private final Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
  private Duration slowestCall = Duration.ZERO;

  SentLedger(Transport transport) {
    this.transport = transport;
  }

  CompletableFuture<Receipt> send(Outgoing message) {
    long start = System.nanoTime();
    CompletableFuture<Receipt> send = transport.send(message);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    slowestCall = took.compareTo(slowestCall) > 0 ? took : slowestCall;
    sends.put(message.messageId(), send);
    return send;
  }

  /** Sends what is looked at later. */
  void add(Outgoing message) {
    var unused = send(message);
  }

  /** The longest that a call of send took: it never waits for the broker. */
  Duration slowestCall() {
    return slowestCall;
  }

  boolean allEnded() {
    return sends.values().stream().allMatch(CompletableFuture::isDone);
  }

  long confirmed() {
    return sends.values().stream()
        .filter(send -> send.isDone() && RabbitScene.isConfirmed(send))
        .count();
  }

  /** How many failed with each verdict; all must have ended. */
  Map<Verdict, Integer> failures() {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (CompletableFuture<Receipt> send : sends.values()) {
      try {
        RabbitScene.result(send);
      } catch (TransportException e) {
        counts.merge(e.verdict(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** Empties the queue: every CONFIRMED one is there, and none that is proven not stored. */
  Set<String> checkAgainst(Channel plain, String queue) throws IOException {
    Set<String> stored = ConcurrentHashMap.newKeySet();
    // What was confirmed counts; with a single active consumer nothing can be got one by one.
    long count = plain.messageCount(queue);
    AtomicLong read = new AtomicLong();
    var unused =
        plain.basicConsume(
            queue,
            true,
            (tag, delivery) -> {
              stored.add(delivery.getProperties().getMessageId());
              read.incrementAndGet();
            },
            tag -> {});
    RabbitScene.await("the queue to be read", () -> read.get() >= count);
    for (Map.Entry<String, CompletableFuture<Receipt>> each : sends.entrySet()) {
      check(each.getKey(), each.getValue(), stored);
    }
    assertEquals(Set.of(), minus(stored, sends.keySet()), "nobody sent these");
    return stored;
  }

  private static void check(String id, CompletableFuture<Receipt> send, Set<String> stored) {
    try {
      RabbitScene.result(send);
      assertTrue(stored.contains(id), () -> id + " was confirmed and is lost");
    } catch (TransportException e) {
      boolean proven = e.verdict() != Verdict.UNKNOWN;
      assertTrue(!proven || !stored.contains(id), () -> id + " is stored, but " + e.getMessage());
    }
  }

  private static Set<String> minus(Set<String> all, Set<String> known) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(known);
    return rest;
  }
}
