// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.DrainReport;
import io.bowline.consumer.Handler;
import io.bowline.consumer.Health.Status;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.Retry;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What becomes of messages whose handlers misbehave: Bowline's own consumer over the transport
 * under test, on a real broker, each behaviour a test.
 *
 * <pre>{@code
 * final class KafkaHandlerFaultsIT extends HandlerFaults {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 * }
 * }</pre>
 *
 * <p>With {@code -Dbowline.long=true} a handler works for 3 minutes that otherwise works for two
 * and a half {@linkplain BrokerFixture#lease leases}.
 */
public abstract class HandlerFaults extends Conformance {
  private static final int LANES = 4;
  private static final int KEYS = 8;

  /** So few that all of a lane are out at once, also where a broker waits for a batch to end. */
  private static final int OF_A_KEY = 3;

  private static final int ALL = KEYS * OF_A_KEY;
  private static final Duration LONG_WORK = Duration.ofMinutes(3);
  private static final Retry SOON_AGAIN =
      Retry.forever().backoff(Duration.ofMillis(10), Duration.ofMillis(100));

  private final Queue<String> done = new ConcurrentLinkedQueue<>();

  /** For subclasses. */
  protected HandlerFaults() {}

  /**
   * Deletes a topic with whatever belongs to it, as an operator would, and returns once it is gone.
   *
   * @return false if that cannot be done here, as it is by default: what needs it is skipped
   */
  protected boolean delete(String topic) {
    return false;
  }

  private ConsumerBuilder consumer(Place place) {
    return new ConsumerBuilder(connected(), place.topic(), place.group()).retry(SOON_AGAIN);
  }

  private Connected connected() {
    return new Connected(scene().transport(), fixture().config(), opened -> {});
  }

  /** Starts one, and closes it at last. */
  private ReliableConsumer started(ConsumerBuilder builder, Handler handler) {
    ReliableConsumer consumer = builder.start(handler);
    scene().atEnd(consumer::close);
    return consumer;
  }

  /** Sends "0" to "23", key i mod 8, before anybody reads them. */
  private Place stored() {
    done.clear();
    Place place = scene().place(LANES);
    List<Message> messages =
        IntStream.range(0, ALL)
            .mapToObj(i -> Message.to(place.topic()).key("k" + i % KEYS).text("" + i))
            .toList();
    try (ReliableProducer producer = new ProducerBuilder(connected(), "handler-faults").open()) {
      assertTrue(producer.sendAll(messages).join().allConfirmed());
    }
    return place;
  }

  private static boolean of(Received message, int number) {
    return message.text().equals("" + number);
  }

  private static boolean ofKey(String text, int key) {
    return Integer.parseInt(text) % KEYS == key;
  }

  private void awaitDone(int count) {
    scene().await(count + " to be done", () -> done.size() >= count, () -> done);
  }

  /** All were done, those of a key in order. */
  private void assertAllInOrder(int count) {
    assertEquals(count, done.stream().distinct().count(), done::toString);
    for (int i = 0; i < KEYS; i++) {
      int key = i;
      List<Integer> numbers =
          done.stream().filter(text -> ofKey(text, key)).distinct().map(Integer::valueOf).toList();
      assertEquals(numbers.stream().sorted().toList(), numbers, "key k" + key);
    }
  }

  /** Closes it, and sees that it acknowledged so many and leaves none to the next member. */
  private void closeAndCheck(ReliableConsumer consumer, Place place, int settled) {
    DrainReport report = consumer.close(fixture().patience());
    assertEquals(settled, report.settled(), report::toString);
    assertNothingIsLeft(place);
  }

  private void assertNothingIsLeft(Place place) {
    scene().store(place, 0, "sentinel");
    Member next = scene().worker(place);
    scene().awaitTexts(next, "sentinel");
    assertEquals(List.of("sentinel"), next.texts(), "what a later member got");
    next.close();
  }

  @Test
  final void aHandlerThatNeverReturnsHoldsItsKeyOnlyAndIsToldAsStuck() {
    Place place = stored();
    CountDownLatch never = new CountDownLatch(1);
    ReliableConsumer consumer =
        started(
            consumer(place).stuckAfter(soon()),
            message -> {
              if (of(message, 0)) {
                never.await();
              }
              done.add(message.text());
            });
    awaitDone(ALL - OF_A_KEY);
    scene()
        .await(
            "it to be STUCK, and to name the handler",
            () ->
                consumer.health().status() == Status.STUCK
                    && consumer.health().reason().contains("the handler of message"),
            () -> consumer.health());
    assertTrue(done.stream().noneMatch(text -> ofKey(text, 0)), () -> "k0 went on: " + done);
    never.countDown();
    awaitDone(ALL);
    scene()
        .await(
            "it to be UP again",
            () -> consumer.health().status() == Status.UP,
            () -> consumer.health());
    assertAllInOrder(ALL);
    closeAndCheck(consumer, place, ALL);
  }

  @Test
  final void whateverAHandlerThrowsCostsNoMessageAndNoOrder() {
    Place place = stored();
    ReliableConsumer consumer =
        started(
            consumer(place),
            message -> {
              if (message.attempt() == 1) {
                misbehave(Integer.parseInt(message.text()) % 7);
              }
              done.add(message.text());
            });
    awaitDone(ALL);
    assertAllInOrder(ALL);
    closeAndCheck(consumer, place, ALL);
  }

  private static void misbehave(int how) throws Exception {
    switch (how) {
      case 0 -> throw new AssertionError("an Error");
      case 1 -> throw new InterruptedException("nobody interrupted it");
      case 2 -> throw new OutOfMemoryError("as if");
      case 3 -> throw new NoClassDefFoundError("as if");
      case 4 -> HandlerFaults.<RuntimeException>sneak(new Throwable("neither Error nor Exception"));
      case 5 -> Thread.currentThread().interrupt(); // and goes on as if nothing were
      default -> {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted");
      }
    }
  }

  @SuppressWarnings("unchecked") // the compiler is to be deceived
  private static <E extends Throwable> void sneak(Throwable any) throws E {
    throw (E) any;
  }

  @Test
  final void aHandlerThatOutlastsTheLeaseIsCalledOnceAndOthersGoOn() {
    Place place = stored();
    Duration lease = fixture().lease();
    Duration work =
        FaultStage.isLong() ? LONG_WORK : lease.multipliedBy(2).plus(lease.dividedBy(2));
    Queue<String> begun = new ConcurrentLinkedQueue<>();
    ReliableConsumer consumer =
        started(
            consumer(place),
            message -> {
              if (of(message, 0)) {
                begun.add(message.id());
                boolean unused = new CountDownLatch(1).await(work.toNanos(), TimeUnit.NANOSECONDS);
              }
              done.add(message.text());
            });
    awaitDone(ALL - OF_A_KEY);
    assertFalse(done.contains("0"), "the others waited for it");
    boolean ended = scene().holdsWithin(work, () -> done.contains("0"));
    assertTrue(ended || scene().holdsWithin(fixture().patience(), () -> done.contains("0")));
    awaitDone(ALL);
    assertEquals(1, begun.size(), () -> "calls for one message: " + begun);
    assertAllInOrder(ALL);
    closeAndCheck(consumer, place, ALL);
  }

  @Test
  final void aDeadLetterTopicThatIsDeletedKeepsTheOriginalUntilItIsBack() {
    Place place = stored();
    Place dead = scene().place(1);
    ConsumerBuilder builder = consumer(place).deadLetters(dead.topic());
    CountDownLatch deleted = new CountDownLatch(1);
    ReliableConsumer consumer =
        started(
            builder,
            message -> {
              deleted.await();
              if (of(message, 0)) {
                throw new Unprocessable("poison");
              }
              done.add(message.text());
            });
    Assumptions.assumeTrue(delete(dead.topic()), "nobody can delete a topic here");
    deleted.countDown();
    awaitDone(ALL - OF_A_KEY);
    boolean went = scene().holdsWithin(soon(), () -> done.size() > ALL - OF_A_KEY);
    assertTrue(!went, () -> "its key went on, though the copy cannot be stored: " + done);
    scene().transport().admin().ensure(new TopicSpec(dead.topic(), 1, dead.groups()));
    awaitDone(ALL - 1);
    scene().awaitTexts(scene().worker(dead), "0");
    closeAndCheck(consumer, place, ALL);
  }
}
