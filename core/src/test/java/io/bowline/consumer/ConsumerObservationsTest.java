// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.telemetry.Observed;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Await;
import io.bowline.transport.Connected;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConsumerObservationsTest {
  private final Observed observed = new Observed();
  private final ScriptedTransport broker =
      new ScriptedTransport().topic("orders", 2).topic("dead", 1);
  private final Connected connected =
      broker.connected().telemetry(Telemetry.NONE.observations(observed.registry));
  private final ConsumerBuilder builder =
      new ConsumerBuilder(connected, "orders", "billing")
          .retry(Retry.attempts(2).backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
  private final List<Observation> current = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private @Nullable ReliableConsumer consumer;

  private ScriptedSubscription start() throws InterruptedException {
    consumer = builder.start(this::handle);
    return broker.nextSubscription();
  }

  private void handle(Received message) throws Exception {
    Observation now = observed.registry.getCurrentObservation();
    if (now != null) {
      current.add(now);
    }
    if (!failures.isEmpty() && failures.remove(0) instanceof Exception failure) {
      throw failure;
    }
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(consumer).close();
  }

  private List<Observation.Context> ended(String name) {
    return observed.ended.stream().filter(one -> name.equals(one.getName())).toList();
  }

  @Test
  void theHandlerRunsInsideItsObservation() throws InterruptedException {
    ScriptedSubscription member = start();
    member.deliver(1, "k", "a", Map.of(Observed.HEADER, "00-trace-span-01"));
    awaitAccepted(member, "a");
    Observation.Context told = ended("bowline.process").get(0);
    assertSame(told, current.get(0).getContext());
    assertEquals("process orders", told.getContextualName());
    assertEquals("00-trace-span-01", told.get("continues"));
    assertNull(told.getError());
    assertEquals(
        Map.of(
            "messaging.system", "scripted",
            "messaging.operation.type", "process",
            "messaging.operation.name", "process",
            "messaging.destination.name", "orders",
            "messaging.destination.partition.id", "1",
            "messaging.consumer.group.name", "billing",
            "messaging.message.id", "orders/1/0",
            "messaging.message.body.size", "1",
            "bowline.attempt", "1"),
        Observed.told(told));
  }

  @Test
  void anObservationLastsUntilTheStageEnds() throws InterruptedException {
    CompletableFuture<String> first = new CompletableFuture<>();
    consumer =
        builder.startAsync(
            message -> {
              handle(message);
              return message.attempt() == 1 ? first : CompletableFuture.completedFuture("");
            });
    ScriptedSubscription member = broker.nextSubscription();
    member.deliver("k", "a");
    Await.until("the handler ran inside its observation", () -> current.size() == 1);
    assertEquals(List.of(), ended("bowline.process"));
    Exception failure = new Exception("failed by the test");
    first.completeExceptionally(failure);
    awaitAccepted(member, "a");
    List<Observation.Context> told = ended("bowline.process");
    assertEquals(2, told.size());
    assertSame(failure, told.get(0).getError());
    assertNull(told.get(1).getError());
  }

  @Test
  void eachAttemptIsAnObservationWithItsError() throws InterruptedException {
    ScriptedSubscription member = start();
    Exception failure = new Exception("failed by the test");
    failures.add(failure);
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    List<Observation.Context> told = ended("bowline.process");
    assertSame(failure, told.get(0).getError());
    assertNull(told.get(1).getError());
    assertEquals(
        List.of("1", "2"),
        told.stream().map(one -> Observed.told(one).get("bowline.attempt")).toList());
  }

  @Test
  void theDeadLetterIsSentAsAPartOfTheMessagesTrace() throws InterruptedException {
    builder.deadLetters("dead");
    ScriptedSubscription member = start();
    failures.add(new Unprocessable("no such bean"));
    member.deliver(0, "k", "a", Map.of(Observed.HEADER, "00-trace-span-01"));
    broker.nextSend().confirm();
    awaitAccepted(member, "a");
    Await.until("the dead letter was told", () -> !ended("bowline.deadletter").isEmpty());
    Observation.Context told = ended("bowline.deadletter").get(0);
    assertEquals("00-trace-span-01", told.get("continues"));
    assertEquals("dead-letter orders", told.getContextualName());
    assertEquals("dead-letter", Observed.told(told).get("messaging.operation.name"));
  }

  @Test
  void aBrokenHandlerOfObservationsCostsNoMessage() throws InterruptedException {
    observed.breakDown();
    builder.deadLetters("dead");
    ScriptedSubscription member = start();
    failures.add(new Unprocessable("no such bean"));
    member.deliver("k", "a");
    broker.nextSend().confirm();
    member.deliver("k", "b");
    awaitAccepted(member, "a", "b");
    assertEquals(List.of(), observed.ended);
  }
}
