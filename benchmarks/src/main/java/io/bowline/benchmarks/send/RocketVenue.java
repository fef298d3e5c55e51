// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.Bowline;
import io.bowline.benchmarks.rocket.WithoutOrder;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.util.List;

/** One RocketMQ broker with its proxy. What was sent stays in its log. */
final class RocketVenue implements Venue {
  private static final int WINDOW = 1_000;
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
    try (WithoutOrder admin = new WithoutOrder(address)) {
      admin.makeTopic(BareRocket.WITHOUT_ORDER);
    }
  }

  private static String topic(int lanes) {
    return "benchmark-" + lanes;
  }

  @Override
  public String title() {
    return "RocketMQ, " + server.origin() + ", " + WithoutOrder.QUEUES + " queues";
  }

  @Override
  public List<Discipline> disciplines() {
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
