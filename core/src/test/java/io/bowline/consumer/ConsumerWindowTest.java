// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.TopicAudit;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.dedupe.Remembers;
import io.bowline.message.Received;
import io.bowline.transport.Connected;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Handlers that remember what took effect: for a week, the least that most of these need. */
@Timeout(60)
class ConsumerWindowTest {
  private static final Duration WEEK = Duration.ofDays(7);

  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  private interface Book extends Remembers {
    @Override
    default Duration remembers() {
      return WEEK;
    }

    @Override
    default String memory() {
      return "the book";
    }
  }

  private record One() implements Book, Handler {
    @Override
    public void handle(Received message) {}
  }

  private record Async() implements Book, AsyncHandler {
    @Override
    public CompletionStage<?> handle(Received message) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private record Batches() implements Book, BatchHandler {
    @Override
    public void handle(List<Received> messages) {}
  }

  private static void refuses(Executable start) {
    IllegalStateException refused = assertThrows(IllegalStateException.class, start);
    String said = String.valueOf(refused.getMessage());
    assertTrue(
        said.startsWith(
            "Consumer billing of orders is not started: the book remembers a message for 7 d, but"
                + " it may come again 7 d 15 min "),
        said);
  }

  @Test
  void aHandlerOfAnyKindThatForgetsTooSoonIsNotStarted() {
    AtomicInteger joined = new AtomicInteger();
    scene.broker.subscribing(joined::incrementAndGet);
    refuses(() -> scene.builder.start(new One()));
    refuses(() -> scene.builder.startAsync(new Async()));
    refuses(() -> scene.builder.startBatches(2, new Batches()));
    assertEquals(0, joined.get());
  }

  private void starts() throws InterruptedException {
    try (ReliableConsumer consumer = scene.builder.start(new One())) {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "a1");
      awaitAccepted(member, "a1");
      assertEquals("billing", consumer.group());
    }
  }

  @Test
  void whatHoldsHereIsForTheUserToSay() throws InterruptedException {
    scene.builder.redeliveredFor(Duration.ofDays(6));
    starts();
  }

  /** The scripted broker tells no retention, so this is what an audit of another one would read. */
  @Test
  void aRetentionThatAnAuditReadCountsToo() {
    Connected broker = scene.broker.connected();
    broker.retentions().read(kept(Duration.ofDays(8)));
    ConsumerBuilder builder = new ConsumerBuilder(broker, "orders", "billing");
    builder.redeliveredFor(Duration.ofDays(6));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> builder.start(new One()));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("8 d from the broker (the topic's retention, as audited)"), said);
    broker.retentions().read(kept(TopicAudit.FOR_EVER));
    builder.start(new One()).close();
  }

  private static TopicAudit kept(Duration retention) {
    return new TopicAudit("orders", Durability.REPLICATED, Fact.of(retention), List.of());
  }

  @Test
  void replaysCountWhereThereAreDeadLettersToReplay() throws InterruptedException {
    scene.builder.redeliveredFor(Duration.ofDays(1)).replayedFor(Duration.ofDays(5));
    scene.builder.deadLetters("dead");
    starts();
    scene.builder.replayedFor(Duration.ofDays(6));
    refuses(() -> scene.builder.start(new One()));
  }

  @Test
  void replaysOfWhatWasShedCountToo() {
    BacklogPolicy policy = BacklogPolicy.above(10);
    scene.builder.redeliveredFor(Duration.ofDays(1)).replayedFor(Duration.ofDays(6));
    scene.builder.shed(policy, message -> true, "dead");
    refuses(() -> scene.builder.start(new One()));
  }

  @Test
  void aTimeThatCannotBeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> scene.builder.redeliveredFor(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> scene.builder.replayedFor(Duration.ofNanos(-1)));
    assertSame(scene.builder, scene.builder.replayedFor(Duration.ZERO));
  }
}
