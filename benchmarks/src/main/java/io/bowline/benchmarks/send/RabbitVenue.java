// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.Bowline;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.producer.Order;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.io.IOException;
import java.util.List;

/** One RabbitMQ node: a topic of several quorum queues, emptied before each turn. */
final class RabbitVenue implements Venue {
  private static final int LANES = 4;
  private static final String TOPIC = "benchmark";
  private static final String GROUP = "readers";

  private final BrokerServer server = Servers.rabbitmq();
  private final String address = server.address();
  private final BareRabbit.Place place;
  private final Connection connection;

  RabbitVenue() throws Exception {
    String uri = address.replaceFirst("^rabbitmq", "amqp").replaceFirst("[?].*", "");
    place = new BareRabbit.Place(uri, LANES);
    try (Bowline bowline = Bowline.connect(address)) {
      bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(LANES).groups(GROUP));
    }
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    connection = factory.newConnection("venue");
  }

  @Override
  public String title() {
    return "RabbitMQ, " + server.origin() + ", " + LANES + " quorum queues";
  }

  @Override
  public List<Discipline> disciplines() {
    return List.of(
        new Discipline("pipelined, window 1,000", false, 1_000, entries(1_000)),
        new Discipline("pipelined, window 10,000", false, 10_000, entries(10_000)),
        new Discipline("one by one", true, 1_000, entries(1_000)));
  }

  private List<Entry> entries(int window) {
    return List.of(
        Entry.yardstick("bare", BareRabbit.opener(place, window)),
        new Entry("Bowline", "bare", BowlineContestant.opener(address, window)),
        new Entry(
            "Bowline, pipelined order",
            "bare",
            BowlineContestant.opener(address, window, Order.PIPELINED)),
        new Entry("Spring", "bare", SpringRabbit.opener(place, window)));
  }

  @Override
  public String freshTopic(Discipline discipline) throws Exception {
    try (Channel channel = connection.createChannel()) {
      for (int lane = 0; lane < LANES; lane++) {
        channel.queuePurge(TOPIC + "." + GROUP + "." + lane);
      }
    }
    return TOPIC;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException alreadyGone) {
      System.err.println("The connection to " + server.origin() + " was gone: " + alreadyGone);
    }
  }
}
