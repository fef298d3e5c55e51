// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that Kafka lost are named by their numbers. */
final class KafkaGapIT {
  private final PlainKafka kafka = new PlainKafka(Servers.kafka().address());
  private final Bowline bowline = Bowline.connect(Servers.kafka().address());
  private final String topic = PlainKafka.name();
  private final GapStore store = new InMemoryGapStore();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final Set<String> handled = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    bowline.close();
    kafka.close();
  }

  private ReliableConsumer consumer() {
    return bowline
        .consumer(topic, "billing")
        .gapStore(store)
        .onGap(gaps::add)
        .start(message -> handled.add(message.text()));
  }

  private void send(ReliableProducer producer, int from, int to) {
    for (int i = from; i <= to; i++) {
      producer.send(Message.to(topic).key("key-" + i % 3).text("" + i)).join();
    }
  }

  @Test
  void recordsDeletedBehindTheBackOfAGroupAreNamedByNumber() {
    bowline.admin().ensure(TopicSpec.of(topic).lanes(1).groups("billing"));
    try (ReliableProducer producer = bowline.producer("shop").open()) {
      try (ReliableConsumer first = consumer()) {
        send(producer, 1, 20);
        PlainKafka.await(() -> handled.size() == 20);
        assertEquals("billing", first.group());
      }
      send(producer, 21, 30);
      TopicPartition lane = new TopicPartition(topic, 0);
      PlainKafka.get(
          kafka.admin.deleteRecords(Map.of(lane, RecordsToDelete.beforeOffset(26))).all());
      try (ReliableConsumer second = consumer()) {
        PlainKafka.await(() -> !gaps.isEmpty());
        assertEquals("billing", second.group());
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
    bowline.admin().ensure(TopicSpec.of(topic).lanes(4).groups("billing"));
    try (ReliableProducer producer = bowline.producer("shop").open();
        ReliableConsumer first = consumer()) {
      for (int round = 0; round < 4; round++) {
        send(producer, 100 * round + 1, 100 * round + 50);
        try (ReliableConsumer other = consumer()) {
          send(producer, 100 * round + 51, 100 * round + 100);
          int sent = 100 * (round + 1);
          PlainKafka.await(() -> handled.size() == sent);
          assertEquals(first.group(), other.group());
        }
      }
    }
    assertEquals(List.of(), gaps);
  }
}
