// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.audit.Audited;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.consumer.Handler;
import io.bowline.dedupe.Remembers;
import io.bowline.message.Received;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service makes of topics, held against a real broker. */
final class KafkaUseAuditIT {
  private static final Duration KEPT = Duration.ofHours(2);

  private final PlainKafka kafka = new PlainKafka(Servers.kafka().address());
  private final Bowline bowline = Bowline.connect(Servers.kafka().address());
  private final String topic = PlainKafka.name();
  private final String group = topic + "-g";

  @AfterEach
  void close() {
    bowline.close();
    kafka.close();
  }

  private TopicAudit audit(Audited use) {
    return bowline.audit(List.of(use)).topics().get(0);
  }

  private Status status(Audited use, String check) {
    return audit(use).finding(check).status();
  }

  private String made(Map<String, String> settings) {
    NewTopic one = new NewTopic(PlainKafka.name(), 1, (short) 1).configs(settings);
    PlainKafka.get(kafka.admin.createTopics(List.of(one)).all());
    bowline.admin().ensure(TopicSpec.of(one.name()).lanes(1));
    return one.name();
  }

  private void write(String to, Duration ago) {
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of())) {
      long time = System.currentTimeMillis() - ago.toMillis();
      PlainKafka.write(plain, new ProducerRecord<>(to, 0, time, null, "x".getBytes(UTF_8)));
    }
  }

  private void commit(String to, long offset) {
    TopicPartition partition = new TopicPartition(to, 0);
    PlainKafka.get(
        kafka
            .admin
            .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
            .all());
  }

  @Test
  void whatWaitsForMoreThanHalfOfItsTimeIsFound() {
    String kept = made(Map.of("retention.ms", Long.toString(KEPT.toMillis())));
    Audited use = Audited.topic(kept).groups(group);
    assertEquals(Status.PASS, status(use, "backlog-age"));
    write(kept, Duration.ofMinutes(70));
    assertEquals(Status.FAIL, status(use, "backlog-age"));
    write(kept, Duration.ofMinutes(50));
    assertEquals(Status.FAIL, status(use, "backlog-age"));
    commit(kept, 1);
    assertEquals(Status.PASS, status(use, "backlog-age"));
    assertEquals("1 messages wait (AT_MOST)", audit(use).finding("group").read());
    assertEquals(Status.PASS, status(use, "group-settings"));
    commit(kept, 2);
    assertEquals(Status.PASS, status(use, "backlog-age"));
  }

  @Test
  void whatIsKeptForEverIsNeverLate() {
    String kept = made(Map.of("retention.ms", "-1"));
    write(kept, Duration.ofDays(400));
    assertEquals(Status.PASS, status(Audited.topic(kept).groups(group), "backlog-age"));
  }

  @Test
  void deadLettersMustBeThereAndAsSafe() {
    bowline.admin().ensure(TopicSpec.of(topic).lanes(1).deadLetters(topic + ".dead"));
    Audited use = Audited.topic(topic);
    assertEquals(Status.PASS, status(use.deadLetters(topic + ".dead"), "dead-letters"));
    assertEquals(Status.FAIL, status(use.deadLetters(topic + ".none"), "dead-letters"));
    String compacted = made(Map.of("cleanup.policy", "compact"));
    assertEquals(Status.FAIL, status(use.parking(compacted), "parking"));
  }

  @Test
  void theWindowIsHeldAgainstTheRetention() {
    String kept = made(Map.of("retention.ms", Long.toString(KEPT.toMillis())));
    Audited use = Audited.topic(kept);
    assertEquals(Status.PASS, status(use.dedupeWindow(KEPT), "dedupe-window"));
    assertEquals(Status.FAIL, status(use.dedupeWindow(KEPT.minusHours(1)), "dedupe-window"));
  }

  /** Remembers for eight days, which do for what Kafka keeps by default and not for two weeks. */
  private record Once() implements Handler, Remembers {
    @Override
    public void handle(Received message) {}

    @Override
    public Duration remembers() {
      return Duration.ofDays(8);
    }

    @Override
    public String memory() {
      return "the book";
    }
  }

  @Test
  void aConsumerThatForgetsBeforeTheTopicDoesIsNotStartedOnceThatIsKnown() {
    String two = made(Map.of("retention.ms", Long.toString(Duration.ofDays(14).toMillis())));
    bowline.consumer(two, group).start(new Once()).close();
    var unused = audit(Audited.topic(two));
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> bowline.consumer(two, group).start(new Once()));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("14 d from the broker (the topic's retention, as audited)"), said);
  }
}
