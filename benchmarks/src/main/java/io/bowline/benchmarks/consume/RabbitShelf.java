// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.Bowline;
import io.bowline.benchmarks.consume.Reader.Entry;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** One RabbitMQ node: quorum queues, filled before each turn. */
final class RabbitShelf implements Shelf {
  private static final int LANES = 4;
  private static final String TOPIC = "to-read";
  private static final String GROUP = "readers";
  private static final List<String> QUEUES =
      IntStream.range(0, LANES).mapToObj(lane -> TOPIC + "." + GROUP + "." + lane).toList();

  private final BrokerServer server = Servers.rabbitmq();
  private final String address = server.address();
  private final String uri = address.replaceFirst("^rabbitmq", "amqp").replaceFirst("[?].*", "");
  private final Bowline bowline = Bowline.connect(address);
  private final Connection connection;

  RabbitShelf() throws Exception {
    bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(LANES).groups(GROUP));
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    connection = factory.newConnection("shelf");
  }

  @Override
  public String title() {
    return "RabbitMQ, " + server.origin() + ", " + LANES + " quorum queues";
  }

  @Override
  public List<Discipline> disciplines() {
    String bare = "bare, ack multiple per 100";
    return List.of(
        new Discipline(
            "nothing to do, 10,000 keys",
            50_000,
            10_000,
            Duration.ZERO,
            List.of(
                Entry.yardstick(bare, BareRabbitReader.opener(uri, QUEUES, 100)),
                new Entry("bare, ack each", bare, BareRabbitReader.opener(uri, QUEUES, 1)),
                new Entry("Bowline, 1 handler", bare, BowlineReader.opener(address, 1)),
                new Entry("Bowline, 64 handlers", bare, BowlineReader.opener(address, 64)))));
  }

  @Override
  public Task.Place place(Discipline discipline, Entry reader, Fill fill) throws Exception {
    try (Channel channel = connection.createChannel()) {
      for (String queue : QUEUES) {
        channel.queuePurge(queue);
      }
    }
    fill.into(bowline, TOPIC);
    return new Task.Place(TOPIC, GROUP);
  }

  @Override
  public void close() {
    bowline.close();
    try {
      connection.close();
    } catch (IOException alreadyGone) {
      System.err.println("The connection to " + server.origin() + " was gone: " + alreadyGone);
    }
  }
}
