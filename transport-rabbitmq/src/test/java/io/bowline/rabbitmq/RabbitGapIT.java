// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.GapConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.util.Map;

/** Messages that were purged from a real RabbitMQ are named by their numbers, and nothing else. */
final class RabbitGapIT extends GapConformance {
  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rabbitmq()) {
      @Override
      public TransportConfig config() {
        return super.config().properties(Map.of("heartbeat", "3"));
      }

      @Override
      public boolean lose(String topic, String group) {
        try (Transport transport = connect(config())) {
          purge(config(), topic, group, transport.lanes(topic));
        } catch (Exception e) {
          throw new IllegalStateException("Purging the queues of " + topic, e);
        }
        return true;
      }
    };
  }

  private static void purge(TransportConfig config, String topic, String group, int lanes)
      throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setAutomaticRecoveryEnabled(false);
    try (Connection connection = factory.newConnection(RabbitSettings.of(config).hosts());
        Channel channel = connection.createChannel()) {
      for (int lane = 0; lane < lanes; lane++) {
        var unused = channel.queuePurge(RabbitNames.queue(topic, group, lane));
      }
    }
  }
}
