// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.Bowline;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.producer.Order;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** One Kafka broker. Each turn has a topic of its own, gone after it: so the disk stays free. */
final class KafkaVenue implements Venue {
  private static final int WINDOW = 10_000;
  private static final int LANES = 8;

  private final BrokerServer server = Servers.kafka();
  private final String address = server.address();
  private final String hosts = String.join(",", BrokerAddress.parse(address).hosts(9092));
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", hosts));
  private final Bowline bowline = Bowline.connect(address);
  private @Nullable String topic;
  private int turn;

  KafkaVenue() throws Exception {
    // By default a deleted topic takes its disk space for another minute.
    ConfigResource allBrokers = new ConfigResource(ConfigResource.Type.BROKER, "");
    Collection<AlterConfigOp> atOnce =
        List.of(
            new AlterConfigOp(
                new ConfigEntry("log.segment.delete.delay.ms", "1000"), AlterConfigOp.OpType.SET));
    admin.incrementalAlterConfigs(Map.of(allBrokers, atOnce)).all().get();
  }

  @Override
  public String title() {
    return "Kafka, " + server.origin() + ", " + LANES + " partitions";
  }

  @Override
  public List<Discipline> disciplines() {
    return List.of(
        new Discipline("pipelined, linger 0", false, WINDOW, entries(0)),
        new Discipline("pipelined, linger 5", false, WINDOW, entries(5)),
        new Discipline("one by one", true, WINDOW, entries(0)));
  }

  private List<Entry> entries(int linger) {
    String bare = "bare";
    String lingering = address + lingering(linger);
    return List.of(
        Entry.yardstick(bare, BareKafka.opener(hosts, linger, WINDOW)),
        new Entry("Bowline", bare, BowlineContestant.opener(lingering, WINDOW)),
        new Entry(
            "Bowline, pipelined order",
            bare,
            BowlineContestant.opener(lingering, WINDOW, Order.PIPELINED)),
        new Entry("Spring", bare, SpringKafka.opener(hosts, linger, WINDOW)));
  }

  private String lingering(int millis) {
    return (address.indexOf('?') < 0 ? "?" : "&") + "linger.ms=" + millis;
  }

  @Override
  public String freshTopic(Discipline discipline) throws Exception {
    if (topic != null) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
    String fresh = "benchmark-" + turn++;
    bowline.admin().ensure(TopicSpec.of(fresh).lanes(LANES));
    topic = fresh;
    return fresh;
  }

  @Override
  public void close() {
    bowline.close();
    admin.close();
  }
}
