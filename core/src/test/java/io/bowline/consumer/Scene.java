// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A consumer of topic orders over a scripted broker, and a handler that does as it is told. */
final class Scene implements AutoCloseable {
  final ScriptedTransport broker = new ScriptedTransport().topic("orders", 2).topic("dead", 1);
  final ConsumerBuilder builder =
      new ConsumerBuilder(broker.connected(), "orders", "billing")
          .retry(Retry.attempts(3).backoff(Duration.ofMillis(1), Duration.ofMillis(2)))
          .leaveWithin(Duration.ofSeconds(10));

  /** The texts of the messages that handlers began with, in that order; a retry begins anew. */
  final List<String> begun = new CopyOnWriteArrayList<>();

  final List<Received> seen = new CopyOnWriteArrayList<>();
  final AtomicInteger atWork = new AtomicInteger();
  final AtomicInteger mostAtWork = new AtomicInteger();
  final CountDownLatch interrupted = new CountDownLatch(1);
  private final Map<String, Semaphore> held = new ConcurrentHashMap<>();
  private final Map<String, List<Throwable>> failures = new ConcurrentHashMap<>();
  private @Nullable ReliableConsumer consumer;

  ScriptedSubscription start() throws InterruptedException {
    consumer = builder.start(this::handle);
    return broker.nextSubscription();
  }

  ReliableConsumer consumer() {
    return Objects.requireNonNull(consumer);
  }

  /** The handler of this message will stay at work until {@link #release}. */
  void hold(String text) {
    held.put(text, new Semaphore(0));
  }

  void release(String text) {
    Objects.requireNonNull(held.get(text)).release(1_000);
  }

  /** The handler of this message will throw these, one at each call, before it returns. */
  void fail(String text, Throwable... thrown) {
    failures.put(text, new CopyOnWriteArrayList<>(thrown));
  }

  private void handle(Received message) throws Exception {
    String text = message.text();
    int now = atWork.incrementAndGet();
    mostAtWork.accumulateAndGet(now, Math::max);
    begun.add(text);
    seen.add(message);
    try {
      Semaphore gate = held.get(text);
      if (gate != null && !gate.tryAcquire(60, TimeUnit.SECONDS)) {
        throw new AssertionError("held for ever: " + text);
      }
      throwNext(failures.get(text));
    } catch (InterruptedException stop) {
      interrupted.countDown();
      throw stop;
    } finally {
      atWork.decrementAndGet();
    }
  }

  private static void throwNext(@Nullable List<Throwable> failures) throws Exception {
    if (failures == null || failures.isEmpty()) {
      return;
    }
    Throwable next = failures.remove(0);
    raise(next);
  }

  /** Throws it, whatever it is. */
  static void raise(Throwable any) {
    Scene.<RuntimeException>undeclared(any);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void undeclared(Throwable any) throws T {
    throw (T) any;
  }

  void awaitBegun(String text) {
    Await.until("the handler began " + text, () -> begun.contains(text));
  }

  static void awaitAccepted(ScriptedSubscription member, String... texts) {
    Await.until(List.of(texts) + " are accepted", () -> member.accepted().size() >= texts.length);
    if (!List.copyOf(member.accepted()).equals(List.of(texts))) {
      throw new AssertionError("accepted " + member.accepted() + ", not " + List.of(texts));
    }
  }

  /** What a report says in numbers. */
  static void assertLeft(long settled, int returned, int stillRunning, DrainReport report) {
    boolean same =
        report.settled() == settled
            && report.returned() == returned
            && report.stillRunning() == stillRunning;
    if (!same) {
      throw new AssertionError(
          "settled "
              + settled
              + ", returned "
              + returned
              + ", running "
              + stillRunning
              + ": "
              + report);
    }
  }

  /** Returns after so many whole turns of the polling loop. */
  static void turns(ScriptedSubscription member, int turns) {
    int until = member.polls() + turns + 1;
    Await.until("the loop turned", () -> member.polls() >= until);
  }

  @Override
  public void close() {
    held.values().forEach(gate -> gate.release(1_000));
    if (consumer != null) {
      consumer.close(Duration.ofSeconds(5));
    }
  }
}
