// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.replay.ReplayBuilder;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Topic orders, read by group billing, whose dead letters go to topic dead; in memory. */
final class ReplayStage implements AutoCloseable {
  static final Duration LONG = ofSeconds(40);
  private static final AtomicInteger BROKERS = new AtomicInteger();

  final InMemoryBroker broker = InMemoryBroker.named("replay-" + BROKERS.getAndIncrement());
  final Bowline bowline = Bowline.connect(broker.address());

  ReplayStage() {
    bowline.admin().ensure(TopicSpec.of("orders").lanes(4).groups("billing"));
    bowline.admin().ensure(TopicSpec.of("dead").lanes(4).groups("billing.replay"));
  }

  ReplayBuilder replay() {
    return bowline.replay("dead", "billing").quiet(ofMillis(300));
  }

  void send(Message... messages) {
    try (ReliableProducer producer = bowline.producer("shop").open()) {
      assertTrue(producer.sendAll(List.of(messages)).join().allConfirmed());
    }
  }

  /** A dead letter of billing, from orders. */
  static Message dead(String id, String key) {
    return Message.to("dead")
        .id(id)
        .key(key)
        .text(id)
        .header("bowline-dead-topic", "orders")
        .header("bowline-dead-group", "billing");
  }

  List<String> ids(String topic) {
    return broker.stored(topic).stream().map(Outgoing::messageId).toList();
  }

  /** How many dead letters no replay has accepted. */
  int deadLetters() {
    return broker.unaccepted("dead", "billing.replay");
  }

  ReliableConsumer consumer(Handler handler) {
    return bowline.consumer("orders", "billing").deadLetters("dead").start(handler);
  }

  @Override
  public void close() {
    bowline.close();
  }
}
