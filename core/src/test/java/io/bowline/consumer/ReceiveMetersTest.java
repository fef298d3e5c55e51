// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.UuidV7Ids;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.retry.Retry;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Await;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is measured of a consumer, and that nothing is without a registry. */
@Timeout(60)
class ReceiveMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ScriptedTransport broker =
      new ScriptedTransport().topic("orders", 2).topic("dead", 1);
  private final AtomicInteger failures = new AtomicInteger(1);
  private final CountDownLatch hold = new CountDownLatch(1);
  private final ReliableConsumer consumer =
      new ConsumerBuilder(
              broker.connected().telemetry(Telemetry.NONE.meters(registry)), "orders", "billing")
          .retry(Retry.attempts(3).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
          .deadLetters("dead")
          .parkKey()
          .lagEvery(Duration.ofMillis(1))
          .maxInMemory(10, 1_000)
          .start(
              message -> {
                switch (message.text()) {
                  case "bad" -> throw new Unprocessable("no such bean");
                  case "held" -> hold.await();
                  default -> {
                    if (failures.getAndDecrement() > 0) {
                      throw new IllegalStateException("once");
                    }
                  }
                }
              });

  @AfterEach
  void close() {
    hold.countDown();
    consumer.close();
  }

  private double count(String name) {
    return registry.get(name).tags("group", "billing", "topic", "orders").counter().count();
  }

  private long calls(String outcome) {
    return registry.get("bowline.consumer.calls").tag("outcome", outcome).timer().count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double lanes(String change) {
    return registry.get("bowline.consumer.lanes").tag("change", change).counter().count();
  }

  @Test
  void whatAConsumerDoesShows() throws InterruptedException {
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    member.deliver("k", "bad");
    broker.nextSend().confirm();
    awaitAccepted(member, "a", "bad");
    Await.until("it is counted", () -> count("bowline.consumer.deadlettered") == 1);
    assertEquals(0, count("bowline.consumer.parked.messages"));
    assertEquals(1, count("bowline.consumer.acknowledged"));
    assertEquals(1, count("bowline.consumer.retries"));
    assertEquals(1, calls("succeeded"));
    assertEquals(2, calls("failed"));
    assertEquals(2, registry.get("bowline.consumer.queue").timer().count());
    assertEquals(0, count("bowline.consumer.redelivered"));
    assertEquals(2, lanes("assigned"));
  }

  @Test
  void whatIsParkedShows() throws InterruptedException {
    ScriptedSubscription member = broker.nextSubscription();
    assertEquals(0, gauge("bowline.consumer.parked.keys"));
    member.deliver("k", "bad");
    broker.nextSend().confirm();
    member.deliver("k", "behind");
    broker.nextSend().confirm();
    awaitAccepted(member, "bad", "behind");
    Await.until("it is counted", () -> count("bowline.consumer.parked.messages") == 1);
    assertEquals(2, count("bowline.consumer.deadlettered"));
    assertEquals(1, gauge("bowline.consumer.parked.keys"));
    assertTrue(consumer.unpark("k"));
    assertEquals(0, gauge("bowline.consumer.parked.keys"));
  }

  @Test
  void theLagIsWhatTheBrokerSays() {
    assertTrue(Double.isNaN(gauge("bowline.consumer.lag")));
    broker.backlog(() -> Backlog.ofAll("orders", "billing", 7, Quality.AT_MOST));
    Await.until("it shows", () -> gauge("bowline.consumer.lag") == 7);
  }

  @Test
  void theAgeOfWhatIsInMemoryShows() throws InterruptedException {
    ScriptedSubscription member = broker.nextSubscription();
    Clock past = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));
    String id = new UuidV7Ids(past, new Random(1)).next();
    String stamp = StampCodec.write(new Stamp(id, "shop", 1, null));
    member.deliver(0, null, "held", Map.of(StampCodec.HEADER, stamp));
    Await.until("it shows", () -> gauge("bowline.consumer.held.age") >= 600);
    assertTrue(gauge("bowline.consumer.held.age") < 700);
    hold.countDown();
    Await.until("it is gone", () -> gauge("bowline.consumer.held.age") == 0);
  }

  @Test
  void withoutARegistryTheBrokerIsNotAsked() throws InterruptedException {
    ScriptedTransport unmeasured = new ScriptedTransport().topic("orders", 1);
    AtomicInteger questions = new AtomicInteger();
    unmeasured.backlog(
        () -> {
          questions.incrementAndGet();
          return Backlog.ofAll("orders", "billing", 7, Quality.AT_MOST);
        });
    ConsumerBuilder builder = new ConsumerBuilder(unmeasured.connected(), "orders", "billing");
    try (ReliableConsumer one = builder.lagEvery(Duration.ofMillis(1)).start(message -> {})) {
      ScriptedSubscription member = unmeasured.nextSubscription();
      member.deliver("k", "a");
      awaitAccepted(member, "a");
      assertEquals("billing", one.group());
    }
    assertEquals(0, questions.get());
  }

  @Test
  void whatIsInMemoryShowsBesideItsBounds() throws InterruptedException {
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver("k", "held");
    member.deliver("k", "next");
    Await.until("it shows", () -> gauge("bowline.consumer.held.messages") == 2);
    assertEquals(8, gauge("bowline.consumer.held.bytes"));
    assertEquals(10, gauge("bowline.consumer.bound.messages"));
    assertEquals(1_000, gauge("bowline.consumer.bound.bytes"));
    hold.countDown();
    Await.until("it is gone", () -> gauge("bowline.consumer.held.messages") == 0);
  }

  @Test
  void lanesThatGoAndWhatCannotBeAcknowledgedShow() throws InterruptedException {
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver(1, "k", "held", Map.of());
    Await.until("it arrived", () -> member.handedOut() == 1);
    member.ours(delivery -> false);
    hold.countDown();
    Await.until("it is counted", () -> count("bowline.consumer.acknowledgements.lost") == 1);
    member.inPoll(() -> member.listener().lost(Set.of(1))).join();
    member.inPoll(() -> member.listener().revoking(Set.of(0))).join();
    assertEquals(1, lanes("lost"));
    assertEquals(1, lanes("revoked"));
  }

  @Test
  void healthShowsAsAOneAtItsStatus() {
    consumer.pause("for a test");
    assertEquals(1, status("degraded"));
    assertEquals(0, status("up"));
    consumer.resume();
    assertEquals(1, status("up"));
  }

  private double status(String status) {
    return registry.get("bowline.consumer.health").tag("status", status).gauge().value();
  }

  @Test
  void closingLeavesNothingBehind() {
    consumer.close();
    assertTrue(
        registry.getMeters().stream()
            .noneMatch(meter -> meter.getId().getName().startsWith("bowline.consumer")));
  }

  @Test
  void arrivalsAfterTheFirstAreCounted() {
    ReceiveMeters meters = new ReceiveMeters(Telemetry.NONE.meters(registry), "other", "orders");
    meters.arrived(1);
    meters.arrived(2);
    assertEquals(
        1, registry.get("bowline.consumer.redelivered").tag("group", "other").counter().count());
    meters.close();
  }

  @Test
  void withoutARegistryNothingIsKept() {
    ReceiveMeters none = new ReceiveMeters(Telemetry.NONE, "other", "orders");
    assertFalse(none.on());
    assertSame(CallMeters.NONE, none.calls());
    none.held(() -> 1, () -> 1);
    none.bound(1, 1);
    none.health(consumer::health);
    none.parkedKeys(() -> 1);
    none.lag(() -> 1);
    none.age(Clock.systemUTC());
    none.seen(new HeldWork(1, 1));
    none.acknowledged(Works.of(new LaneWork(0), "k", 1));
    none.lost();
    none.arrived(2);
    none.lanesLost(1);
    Work work = Works.of(new LaneWork(0), "k", 1);
    none.calls().began(work);
    none.calls().ended(work, true);
    assertEquals(0, work.callBegan);
    none.close();
  }
}
