// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import java.io.IOException;
import java.util.Map;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.ConsumeResult;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.PushConsumer;

/** RocketMQ's own PushConsumer, all by default. */
final class RocketPushReader implements Reader {
  private static final ClientServiceProvider CLIENT = ClientServiceProvider.loadService();

  private final PushConsumer consumer;

  private RocketPushReader(PushConsumer consumer) {
    this.consumer = consumer;
  }

  static Opener opener(String endpoints) {
    return task -> {
      ClientConfiguration configuration =
          ClientConfiguration.newBuilder().setEndpoints(endpoints).enableSsl(false).build();
      return new RocketPushReader(
          CLIENT
              .newPushConsumerBuilder()
              .setClientConfiguration(configuration)
              .setConsumerGroup(task.place.group())
              .setSubscriptionExpressions(Map.of(task.place.topic(), FilterExpression.SUB_ALL))
              .setMessageListener(
                  message -> {
                    task.handle();
                    return ConsumeResult.SUCCESS;
                  })
              .build());
    };
  }

  @Override
  public void close() throws IOException {
    consumer.close();
  }
}
