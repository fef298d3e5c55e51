// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.Bowline;
import io.bowline.benchmarks.consume.Reader.Entry;
import io.bowline.benchmarks.rocket.WithoutOrder;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.producer.Producer;

/** One RocketMQ broker with its proxy: topics with and without order, filled before each turn. */
final class RocketShelf implements Shelf {
  private static final String GROUP = "readers";
  private static final String NORMAL = "to-read-normal";
  private static final String NORMAL_GROUP = "readers-normal";
  private static final int LANES = 64;
  private static final int WINDOW = 1_000;
  private static final String PUSH_WITHOUT_ORDER = "PushConsumer, without order";

  private final BrokerServer server = Servers.rocketmq();
  private final String address = server.address();
  private final String endpoints = String.join(";", BrokerAddress.parse(address).hosts(8081));
  private final Bowline bowline = Bowline.connect(address);
  private final String topic = "to-read-" + LANES;

  RocketShelf() throws Exception {
    bowline.admin().ensure(TopicSpec.of(topic).lanes(LANES).groups(GROUP));
    try (WithoutOrder admin = new WithoutOrder(address)) {
      admin.makeTopic(NORMAL);
      admin.makeGroup(NORMAL, NORMAL_GROUP);
    }
  }

  @Override
  public String title() {
    return "RocketMQ, " + server.origin() + ", " + LANES + " message groups";
  }

  @Override
  public List<Discipline> disciplines() {
    return List.of(
        new Discipline(
            "nothing to do, 10,000 keys",
            2_500,
            10_000,
            Duration.ZERO,
            List.of(
                Entry.yardstick(PUSH_WITHOUT_ORDER, RocketPushReader.opener(endpoints)),
                new Entry(
                    "PushConsumer, in order",
                    PUSH_WITHOUT_ORDER,
                    RocketPushReader.opener(endpoints)),
                new Entry(
                    "Bowline, 64 handlers",
                    PUSH_WITHOUT_ORDER,
                    BowlineReader.opener(address, 64)))));
  }

  @Override
  public Task.Place place(Discipline discipline, Entry reader, Fill fill) throws Exception {
    if (reader.name().equals(PUSH_WITHOUT_ORDER)) {
      fillWithoutOrder(fill);
      return new Task.Place(NORMAL, NORMAL_GROUP);
    }
    fill.into(bowline, topic);
    return new Task.Place(topic, GROUP);
  }

  private void fillWithoutOrder(Fill fill) throws Exception {
    ClientServiceProvider client = ClientServiceProvider.loadService();
    ClientConfiguration configuration =
        ClientConfiguration.newBuilder().setEndpoints(endpoints).enableSsl(false).build();
    byte[] body = new byte[fill.size()];
    new Random(7).nextBytes(body);
    Semaphore window = new Semaphore(WINDOW);
    CompletableFuture<?> all = CompletableFuture.completedFuture(null);
    try (Producer producer =
        client.newProducerBuilder().setClientConfiguration(configuration).build()) {
      for (long i = 0; i < fill.messages(); i++) {
        window.acquire();
        CompletableFuture<?> sent =
            producer
                .sendAsync(client.newMessageBuilder().setTopic(NORMAL).setBody(body).build())
                .whenComplete((receipt, failure) -> window.release());
        all = all.isDone() ? sent : CompletableFuture.allOf(all, sent);
      }
      all.get();
      window.acquire(WINDOW);
    }
  }

  @Override
  public void close() {
    bowline.close();
  }
}
