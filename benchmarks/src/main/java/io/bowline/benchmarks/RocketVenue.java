// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import io.bowline.Bowline;
import io.bowline.benchmarks.Contestant.Entry;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** One RocketMQ broker with its proxy. What was sent stays in its log. */
final class RocketVenue implements Venue {
  private static final int WINDOW = 1_000;
  private static final int QUEUES = 8;
  private static final List<Integer> LANES = List.of(64, 1_000);

  private final BrokerServer server = Servers.rocketmq();
  private final String address = server.address();
  private final String endpoints = String.join(";", BrokerAddress.parse(address).hosts(8081));

  RocketVenue() throws Exception {
    try (Bowline bowline = Bowline.connect(address)) {
      for (int lanes : LANES) {
        bowline.admin().ensure(TopicSpec.of(topic(lanes)).lanes(lanes));
      }
    }
    makeTopicWithoutOrder();
  }

  private void makeTopicWithoutOrder() throws Exception {
    DefaultMQAdminExt admin = new DefaultMQAdminExt();
    admin.setNamesrvAddr(
        Objects.requireNonNull(
            BrokerAddress.parse(address).query().get("namesrv"),
            "the address must have namesrv=host:port"));
    admin.start();
    try {
      TopicConfig config = new TopicConfig(BareRocket.WITHOUT_ORDER);
      config.setReadQueueNums(QUEUES);
      config.setWriteQueueNums(QUEUES);
      config.setAttributes(new HashMap<>(Map.of("+message.type", "NORMAL")));
      for (BrokerData broker : admin.examineBrokerClusterInfo().getBrokerAddrTable().values()) {
        admin.createAndUpdateTopicConfig(broker.selectBrokerAddr(), config);
      }
    } finally {
      admin.shutdown();
    }
  }

  private static String topic(int lanes) {
    return "benchmark-" + lanes;
  }

  @Override
  public String title() {
    return "RocketMQ, " + server.origin() + ", " + QUEUES + " queues";
  }

  @Override
  public List<Discipline> disciplines(Options options) {
    return List.of(
        new Discipline("pipelined, 64 message groups", false, WINDOW, entries(64)),
        new Discipline("pipelined, 1,000 message groups", false, WINDOW, entries(1_000)),
        new Discipline("one by one, 64 message groups", true, WINDOW, oneByOne()));
  }

  private List<Entry> entries(int lanes) {
    String name = "bare, in order";
    return List.of(
        Entry.yardstick(name, BareRocket.opener(endpoints, lanes, WINDOW)),
        new Entry("Bowline", name, BowlineContestant.opener(address, WINDOW)),
        new Entry("bare, without order", name, BareRocket.opener(endpoints, 0, WINDOW)));
  }

  private List<Entry> oneByOne() {
    return List.of(
        Entry.yardstick("bare", BareRocket.opener(endpoints, 64, WINDOW)),
        new Entry("Bowline", "bare", BowlineContestant.opener(address, WINDOW)));
  }

  @Override
  public String freshTopic(Discipline discipline) {
    return topic(discipline.name().contains("1,000") ? 1_000 : 64);
  }

  @Override
  public void close() {}
}
