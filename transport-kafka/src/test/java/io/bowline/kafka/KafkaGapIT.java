// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.GapConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** Records that a real Kafka deleted are named by their numbers, and nothing else is. */
final class KafkaGapIT extends GapConformance {
  @Override
  protected BrokerFixture broker() {
    BrokerServer server = Servers.kafka();
    return new ServerFixture(server) {
      @Override
      public TransportConfig config() {
        return super.config()
            .properties(Map.of("session.timeout.ms", "6000", "heartbeat.interval.ms", "500"));
      }

      @Override
      public boolean lose(String topic, String group) {
        try (PlainKafka kafka = new PlainKafka(server.address())) {
          deleteAll(kafka, topic);
        }
        return true;
      }
    };
  }

  private static void deleteAll(PlainKafka kafka, String topic) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    var found = PlainKafka.get(kafka.admin.describeTopics(List.of(topic)).allTopicNames());
    found
        .values()
        .forEach(
            description ->
                description
                    .partitions()
                    .forEach(
                        partition -> {
                          int lane = partition.partition();
                          long end = kafka.end(topic, lane);
                          all.put(
                              new TopicPartition(topic, lane), RecordsToDelete.beforeOffset(end));
                        }));
    var unused = PlainKafka.get(kafka.admin.deleteRecords(all).all());
  }
}
