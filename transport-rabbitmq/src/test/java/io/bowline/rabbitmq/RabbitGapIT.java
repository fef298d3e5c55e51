// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.Message;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.transport.Connected;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that RabbitMQ lost are named by their numbers. */
final class RabbitGapIT {
  private final RabbitScene scene = new RabbitScene();
  private final GapStore store = new InMemoryGapStore();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final Set<String> handled = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    scene.close();
  }

  private Connected connected() {
    return new Connected(scene.transport(), scene.config(), opened -> {});
  }

  private ReliableConsumer consumer() {
    return new ConsumerBuilder(connected(), scene.topic(), "g")
        .gapStore(store)
        .onGap(gaps::add)
        .start(message -> handled.add(message.text()));
  }

  private ReliableProducer producer() {
    return new ProducerBuilder(connected(), "shop").open();
  }

  private void send(ReliableProducer producer, int from, int to) {
    for (int i = from; i <= to; i++) {
      producer.send(Message.to(scene.topic()).key("key-" + i % 3).text("" + i)).join();
    }
  }

  @Test
  void messagesPurgedBehindTheBackOfAGroupAreNamedByNumber() throws IOException {
    scene.ensure(1);
    try (ReliableProducer producer = producer()) {
      try (ReliableConsumer first = consumer()) {
        send(producer, 1, 20);
        RabbitScene.await("all are handled", () -> handled.size() == 20);
        assertEquals("g", first.group());
      }
      send(producer, 21, 26);
      scene.plain().queuePurge(RabbitNames.queue(scene.topic(), "g", 0));
      try (ReliableConsumer second = consumer()) {
        send(producer, 27, 30);
        RabbitScene.await("the gap is told", () -> !gaps.isEmpty());
        assertEquals("g", second.group());
      }
    }
    assertEquals(
        List.of("shop lane 0: 21-26"),
        gaps.stream()
            .map(gap -> gap.source() + " lane " + gap.lane() + ": " + gap.from() + "-" + gap.to())
            .toList());
    assertEquals(24, handled.size());
  }

  @Test
  void withoutALossNothingIsNamedThroughMembersThatComeAndGo() {
    scene.ensure(4);
    try (ReliableProducer producer = producer();
        ReliableConsumer first = consumer()) {
      for (int round = 0; round < 4; round++) {
        send(producer, 100 * round + 1, 100 * round + 50);
        try (ReliableConsumer other = consumer()) {
          send(producer, 100 * round + 51, 100 * round + 100);
          int sent = 100 * (round + 1);
          RabbitScene.await("all are handled", () -> handled.size() == sent);
          assertEquals(first.group(), other.group());
        }
      }
    }
    assertEquals(List.of(), gaps);
  }
}
