// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.apis.producer.TransactionChecker;
import org.apache.rocketmq.client.java.impl.ClientImpl;
import org.jspecify.annotations.Nullable;

/**
 * Builds and starts the client's producers and consumers: by its own builders, or, where
 * certificates are verified, part by part, since a builder starts what it builds before it could be
 * given {@linkplain VerifiedChannels channels}. Thread-safe.
 */
final class Clients {
  private static final String PRODUCER =
      "org.apache.rocketmq.client.java.impl.producer.ProducerImpl";
  private static final String CONSUMER =
      "org.apache.rocketmq.client.java.impl.consumer.SimpleConsumerImpl";

  private final ClientServiceProvider builders;
  private final @Nullable VerifiedChannels channels;

  Clients(ClientServiceProvider builders, @Nullable VerifiedChannels channels) {
    this.builders = builders;
    this.channels = channels;
  }

  /** A producer that never tries again by itself, and that asks for the routes of these topics. */
  Producer producer(ClientConfiguration configuration, String... topics) throws ClientException {
    if (channels == null) {
      return builders
          .newProducerBuilder()
          .setClientConfiguration(configuration)
          .setTopics(topics)
          .setMaxAttempts(1)
          .build();
    }
    Set<String> known = ConcurrentHashMap.newKeySet();
    known.addAll(Set.of(topics));
    Class<?>[] types = {ClientConfiguration.class, Set.class, int.class, TransactionChecker.class};
    return (Producer) started(channels, made(PRODUCER, types, configuration, known, 1, null));
  }

  /** A member of a group, reading one topic; a receive waits so long at the broker. */
  SimpleConsumer consumer(
      ClientConfiguration configuration, String group, String topic, Duration await)
      throws ClientException {
    Map<String, FilterExpression> topics = new ConcurrentHashMap<>();
    topics.put(topic, FilterExpression.SUB_ALL);
    if (channels == null) {
      return builders
          .newSimpleConsumerBuilder()
          .setClientConfiguration(configuration)
          .setConsumerGroup(group)
          .setAwaitDuration(await)
          .setSubscriptionExpressions(topics)
          .build();
    }
    Class<?>[] types = {ClientConfiguration.class, String.class, Duration.class, Map.class};
    return (SimpleConsumer)
        started(channels, made(CONSUMER, types, configuration, group, await, topics));
  }

  private static ClientImpl started(VerifiedChannels channels, ClientImpl client) {
    channels.give(client);
    client.startAsync().awaitRunning();
    return client;
  }

  private static ClientImpl made(String type, Class<?>[] types, @Nullable Object... arguments) {
    try {
      Constructor<?> constructor = Class.forName(type).getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (ClientImpl) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("RocketMQ's client cannot be made: " + e.getCause(), e);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new TransportException(Verdict.REFUSED, VerifiedChannels.OTHER_CLIENT, e);
    }
  }
}
