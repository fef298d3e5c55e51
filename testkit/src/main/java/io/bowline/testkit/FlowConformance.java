// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogAlert;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.consumer.CircuitBreaker;
import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.DrainReport;
import io.bowline.consumer.Health.Status;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.replay.ReplayBuilder;
import io.bowline.replay.ReplayReport;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.retry.Retry;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What holds messages back, on a real broker: Bowline's own consumer over the transport under test,
 * paused, stuck, cut off by its circuit breaker, and behind with its work, each behaviour a test.
 * Give the transport's own times for a member that says nothing, made small, with {@link
 * BrokerFixture#config}, and the longest of them as {@link BrokerFixture#lease}: a pause lasts half
 * as long again.
 *
 * <pre>{@code
 * final class KafkaFlowIT extends FlowConformance {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 * }
 * }</pre>
 */
public abstract class FlowConformance extends Conformance {
  private static final int LANES = 4;
  private static final int MESSAGES = 24;
  private static final int KEYS = 6;
  private static final int FAILURES = 5;

  /** High with more than 10 messages, low again with none. */
  private static final BacklogPolicy POLICY = BacklogPolicy.above(10).below(0);

  /** For subclasses. */
  protected FlowConformance() {}

  /**
   * A topic, the group that reads it, its dead letters, and what is measured, begun and handled.
   */
  private record Stage(
      Connected broker,
      String topic,
      String group,
      String dead,
      SimpleMeterRegistry registry,
      Queue<String> begun,
      Queue<String> handled) {

    ConsumerBuilder consumer() {
      return new ConsumerBuilder(broker, topic, group).deadLetters(dead);
    }

    /** Messages "from" to "to" - 1, in turn of {@link #KEYS} keys. */
    void send(int from, int to) {
      List<Message> messages =
          IntStream.range(from, to)
              .mapToObj(i -> Message.to(topic).key("k" + i % KEYS).text(Integer.toString(i)))
              .toList();
      try (ReliableProducer producer = new ProducerBuilder(broker, "shop").open()) {
        assertTrue(producer.sendAll(messages).join().allConfirmed());
      }
    }

    /** Once the gate is open. */
    void handle(Received message, CountDownLatch gate) throws InterruptedException {
      begun.add(message.text());
      gate.await();
      handled.add(message.text());
    }

    double lanes(String change) {
      return registry.get("bowline.consumer.lanes").tag("change", change).counter().count();
    }

    double held() {
      return registry.get("bowline.consumer.held.messages").gauge().value();
    }

    double died() {
      return registry.get("bowline.consumer.deadlettered").counter().count();
    }

    double shed() {
      return registry.get("bowline.consumer.shed").counter().count();
    }

    /** What was acknowledged, handled or shed. */
    double ended() {
      return registry.get("bowline.consumer.acknowledged").counter().count() + shed();
    }

    long deadLetters() {
      return broker.transport().admin().backlog(dead, group).messages();
    }
  }

  private Stage stage() {
    String topic = Scene.name();
    String group = topic + "-g";
    String dead = topic + "-dead";
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Connected broker =
        new Connected(scene().transport(), fixture().config(), opened -> {})
            .telemetry(Telemetry.NONE.meters(registry));
    broker.transport().admin().ensure(new TopicSpec(topic, LANES, List.of(group)));
    broker.transport().admin().ensure(new TopicSpec(dead, LANES, List.of(group)));
    return new Stage(
        broker,
        topic,
        group,
        dead,
        registry,
        new ConcurrentLinkedQueue<>(),
        new ConcurrentLinkedQueue<>());
  }

  private void awaitHandled(Stage stage, int count) {
    scene()
        .await(count + " to be handled", () -> stage.handled.size() >= count, () -> stage.handled);
  }

  private void awaitStatus(ReliableConsumer consumer, Status status) {
    scene().await(status + "", () -> consumer.health().status() == status, consumer::health);
  }

  /** Ends the consumer, which has settled all, each message handled once and keys in order. */
  private void assertAllHandledOnce(Stage stage, ReliableConsumer consumer) {
    DrainReport report = consumer.close(fixture().patience());
    assertEquals(MESSAGES, report.settled(), report::toString);
    assertEachOnceInOrder(stage);
    assertEquals(0, stage.deadLetters(), "dead letters");
  }

  private static void assertEachOnceInOrder(Stage stage) {
    List<Integer> numbers = stage.handled.stream().map(Integer::valueOf).toList();
    assertEquals(IntStream.range(0, MESSAGES).boxed().toList(), numbers.stream().sorted().toList());
    for (int key = 0; key < KEYS; key++) {
      int ours = key;
      List<Integer> ofKey = numbers.stream().filter(i -> i % KEYS == ours).toList();
      assertEquals(ofKey.stream().sorted().toList(), ofKey, "key k" + key);
    }
  }

  @Test
  final void aPausedMemberKeepsItsLanesPastItsLeaseAndLosesNothing() {
    Stage stage = stage();
    CountDownLatch first = new CountDownLatch(1);
    stage.send(0, MESSAGES / 2);
    ConsumerBuilder builder = stage.consumer().concurrency(1);
    try (ReliableConsumer consumer = builder.start(message -> stage.handle(message, first))) {
      scene().await("one at work", () -> stage.begun.size() == 1 && stage.held() > 1, stage::held);
      consumer.pause("the till is counted");
      first.countDown();
      awaitHandled(stage, 1);
      stage.send(MESSAGES / 2, MESSAGES);
      Duration longer = fixture().lease().multipliedBy(3).dividedBy(2);
      boolean more = scene().holdsWithin(longer, () -> stage.handled.size() > 1);
      assertFalse(more, () -> "handled in a pause: " + stage.handled);
      assertEquals(Status.DEGRADED, consumer.health().status());
      consumer.resume();
      awaitHandled(stage, MESSAGES);
      awaitStatus(consumer, Status.UP);
      assertEquals(0, stage.lanes("lost") + stage.lanes("revoked"), "lanes that went away");
      assertAllHandledOnce(stage, consumer);
    }
  }

  @Test
  final void aHandlerThatHangsIsStuckAndUpAgainOnceItReturns() {
    Stage stage = stage();
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch none = new CountDownLatch(0);
    stage.send(0, MESSAGES);
    ConsumerBuilder builder = stage.consumer().stuckAfter(soon().dividedBy(2));
    try (ReliableConsumer consumer =
        builder.start(
            message -> stage.handle(message, message.text().equals("0") ? answer : none))) {
      awaitHandled(stage, MESSAGES - MESSAGES / KEYS);
      awaitStatus(consumer, Status.STUCK);
      scene()
          .await(
              "the message to be named",
              () -> consumer.health().reason().contains(" of " + stage.topic),
              consumer::health);
      answer.countDown();
      awaitStatus(consumer, Status.UP);
      awaitHandled(stage, MESSAGES);
      assertAllHandledOnce(stage, consumer);
    }
  }

  @Test
  final void aCircuitThatOpensSpendsNothingAndAllIsHandledOnceItCloses() {
    Stage stage = stage();
    AtomicBoolean down = new AtomicBoolean(true);
    stage.send(0, MESSAGES);
    // Without a circuit each message would die within half a second.
    ConsumerBuilder builder =
        stage
            .consumer()
            .retry(Retry.attempts(FAILURES + 1).backoff(Duration.ofMillis(1), soon().dividedBy(60)))
            .circuitBreaker(
                CircuitBreaker.after(FAILURES)
                    .backoff(soon().dividedBy(20), soon().dividedBy(5))
                    .on(IOException.class));
    try (ReliableConsumer consumer =
        builder.start(
            message -> {
              if (down.get()) {
                throw new IOException("the till does not answer");
              }
              stage.handled.add(message.text());
            })) {
      awaitStatus(consumer, Status.DEGRADED);
      boolean dies = scene().holdsWithin(soon(), () -> stage.died() > 0);
      assertFalse(dies, "a message died while what its handler needs was away");
      assertEquals(Status.DEGRADED, consumer.health().status());
      down.set(false);
      awaitHandled(stage, MESSAGES);
      awaitStatus(consumer, Status.UP);
      assertAllHandledOnce(stage, consumer);
    }
  }

  @Test
  final void aBacklogIsSeenAndToldOnceWithAdviceAndOnceMoreWhenItIsDrained() {
    Stage stage = stage();
    CountDownLatch gate = new CountDownLatch(1);
    Queue<BacklogAlert> alerts = new ConcurrentLinkedQueue<>();
    ConsumerBuilder builder =
        stage.consumer().lagEvery(soon().dividedBy(30)).onBacklog(POLICY, alerts::add);
    try (ReliableConsumer consumer = builder.start(message -> stage.handle(message, gate))) {
      awaitLeft(consumer, 0);
      stage.send(0, MESSAGES);
      awaitLeft(consumer, MESSAGES);
      scene().await("the alert", () -> !alerts.isEmpty(), consumer::backlog);
      BacklogAlert high = alerts.element();
      assertTrue(high.high() && high.backlog().isKnown(), high::toString);
      assertFalse(high.advice().text().isEmpty());
      assertTrue(consumer.backlog().held() <= MESSAGES, () -> consumer.backlog().toString());
      gate.countDown();
      awaitHandled(stage, MESSAGES);
      awaitLeft(consumer, 0);
      scene().await("the second alert", () -> alerts.size() > 1, consumer::backlog);
      boolean more = scene().holdsWithin(soon().dividedBy(3), () -> alerts.size() > 2);
      assertFalse(more, alerts::toString);
      assertEquals(List.of(true, false), alerts.stream().map(BacklogAlert::high).toList());
      assertAllHandledOnce(stage, consumer);
    }
  }

  private void awaitLeft(ReliableConsumer consumer, long messages) {
    scene()
        .await(
            messages + " to be left",
            () -> consumer.backlog().messages().orElse(-1) == messages,
            consumer::backlog);
  }

  @Test
  final void whatIsShedIsParkedOnceAndComesBackByAReplay() {
    Stage stage = stage();
    String parked = stage.topic + "-parked";
    List<String> readers = List.of(ReplayBuilder.reader(stage.group));
    stage.broker.transport().admin().ensure(new TopicSpec(parked, LANES, readers));
    int shed = shed(stage, parked);
    assertTrue(shed > MESSAGES / 4, () -> shed + " were shed");
    assertEquals(MESSAGES, shed + stage.handled.size(), () -> "handled: " + stage.handled);
    for (int i = 0; i < MESSAGES; i += 2) {
      assertTrue(stage.handled.contains(Integer.toString(i)), i + " is critical");
    }
    ReplayReport report =
        new ReplayBuilder(stage.broker, parked, stage.group)
            .quiet(soon())
            .all()
            .run(fixture().patience());
    assertEquals(Map.of(Fate.REPLAYED, (long) shed), report.counts(), report::toString);
    try (ReliableConsumer consumer =
        stage.consumer().start(message -> stage.handled.add(message.text()))) {
      awaitHandled(stage, MESSAGES);
      boolean more =
          scene().holdsWithin(soon().dividedBy(3), () -> stage.handled.size() > MESSAGES);
      assertFalse(more, () -> "handled twice: " + stage.handled);
      assertEquals(shed, consumer.close(fixture().patience()).settled());
    }
    assertEachOnceInOrder(stage);
  }

  /** A consumer that is behind sheds the messages of odd keys; how many it shed. */
  private int shed(Stage stage, String parked) {
    CountDownLatch gate = new CountDownLatch(1);
    Queue<BacklogAlert> alerts = new ConcurrentLinkedQueue<>();
    stage.send(0, MESSAGES);
    ConsumerBuilder builder =
        stage
            .consumer()
            .concurrency(1)
            .lagEvery(soon().dividedBy(30))
            .shed(POLICY, message -> Integer.parseInt(message.text()) % 2 != 0, parked)
            .onBacklog(POLICY, alerts::add);
    try (ReliableConsumer consumer = builder.start(message -> stage.handle(message, gate))) {
      scene().await("the alert", () -> !alerts.isEmpty(), consumer::backlog);
      gate.countDown();
      awaitLeft(consumer, 0);
      scene().await("all to end", () -> stage.ended() == MESSAGES, stage::ended);
      assertEquals(MESSAGES - stage.handled.size(), stage.shed(), "counted as shed");
      DrainReport report = consumer.close(fixture().patience());
      assertEquals(MESSAGES, report.settled(), report::toString);
      return MESSAGES - stage.handled.size();
    }
  }
}
