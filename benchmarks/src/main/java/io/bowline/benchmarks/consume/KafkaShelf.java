// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.Bowline;
import io.bowline.benchmarks.consume.Reader.Entry;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One Kafka broker. A log can be read again: each turn is a group of its own. */
final class KafkaShelf implements Shelf {
  private static final int WORKERS = 64;
  private static final Duration WORK = Duration.ofMillis(5);

  private final BrokerServer server = Servers.kafka();
  private final String address = server.address();
  private final String hosts = String.join(",", BrokerAddress.parse(address).hosts(9092));
  private final Bowline bowline = Bowline.connect(address);
  private final Map<String, String> topics = new HashMap<>();
  private int turn;

  @Override
  public String title() {
    return "Kafka, " + server.origin();
  }

  @Override
  public List<Discipline> disciplines() {
    String bare = "bare, commitSync per poll";
    String ceiling = "ceiling: 64 threads that wait 5 ms";
    return List.of(
        new Discipline(
            "nothing to do, 8 partitions, 10,000 keys",
            500_000,
            10_000,
            Duration.ZERO,
            List.of(
                Entry.yardstick(bare, BareKafkaReader.opener(hosts)),
                new Entry("Bowline, 1 handler", bare, BowlineReader.opener(address, 1)),
                new Entry("Bowline, 64 handlers", bare, BowlineReader.opener(address, WORKERS)),
                new Entry(
                    "Parallel Consumer, 64", bare, ParallelConsumerReader.opener(hosts, WORKERS)))),
        new Discipline(
            "5 ms of work, 4 partitions, 1,000 keys",
            WORKERS * 1000 / WORK.toMillis(),
            1_000,
            WORK,
            List.of(
                Entry.yardstick(ceiling, Ceiling.opener(WORKERS)),
                new Entry("Bowline, 64 handlers", ceiling, BowlineReader.opener(address, WORKERS)),
                new Entry(
                    "Parallel Consumer, 64",
                    ceiling,
                    ParallelConsumerReader.opener(hosts, WORKERS)))));
  }

  @Override
  public Task.Place place(Discipline discipline, Entry reader, Fill fill) {
    String topic =
        topics.computeIfAbsent(discipline.name() + fill.size(), fresh -> filled(discipline, fill));
    return new Task.Place(topic, "readers-" + turn++);
  }

  private String filled(Discipline discipline, Fill fill) {
    String topic = "to-read-" + topics.size();
    bowline.admin().ensure(TopicSpec.of(topic).lanes(discipline.work().isZero() ? 8 : 4));
    fill.into(bowline, topic);
    return topic;
  }

  @Override
  public void close() {
    bowline.close();
  }
}
