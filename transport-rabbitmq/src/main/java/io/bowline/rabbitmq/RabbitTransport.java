// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import io.bowline.rabbitmq.ConsumeChannel.ConsumeTarget;
import io.bowline.rabbitmq.GroupQueues.Membership;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RabbitMQ, reached: publishing and consuming on connections of their own. Thread-safe. */
final class RabbitTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(RabbitTransport.class);

  /** Over all lanes of a subscription, so that many lanes do not fill the memory. */
  private static final int MOST_PREFETCHED = 20_000;

  private final RabbitSettings settings;
  private final RabbitConnections connections;
  private final RabbitTopics topics;
  private final GroupQueues groups;
  private final RabbitAdmin admin;
  private final RabbitPublisher publisher;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RabbitTransport(RabbitSettings settings) {
    this.settings = settings;
    this.connections = new RabbitConnections(settings);
    this.topics = new RabbitTopics(connections.consuming(), settings);
    this.groups = new GroupQueues(topics, settings.queuesExpire());
    this.admin = new RabbitAdmin(topics, groups, new RabbitAudit(topics, settings));
    this.publisher = new RabbitPublisher(connections.publishing(), topics, settings);
  }

  static RabbitTransport open(RabbitSettings settings) {
    RabbitTransport transport = new RabbitTransport(settings);
    SupervisedConnection first = transport.connections.consuming();
    try {
      first.start();
      first.await(settings.connectTimeout());
    } catch (TransportException e) {
      transport.connections.close();
      throw e;
    }
    transport.publisher.start();
    return transport;
  }

  @Override
  public int lanes(String topic) {
    return topics.find(topic).lanes();
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    return publisher.send(message);
  }

  /**
   * One thread writes all messages to one channel, so the broker has those before the cut and none
   * behind; what waits behind one of its lane fails with it, before another channel is opened; and
   * a quorum queue stores what a channel sent it in that order, also through a change of leader.
   */
  @Override
  public boolean keepsPipelinedOrder() {
    return true;
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    Topic topic = topics.find(spec.topic());
    int share = Math.max(1, MOST_PREFETCHED / topic.lanes());
    int prefetch = Math.min(Math.min(settings.prefetch(), spec.maxUnsettled()), share);
    boolean exclusive = groups.ensure(spec.topic(), spec.group(), topic);
    Connection connection = connections.consuming().await(settings.connectTimeout());
    RabbitSubscription subscription =
        new RabbitSubscription(
            connections.consuming(),
            new Membership(exclusive, () -> renew(spec, topic.lanes())),
            new ConsumeTarget(spec.topic(), spec.group(), topic.lanes(), prefetch),
            lanes);
    subscription.open(connection);
    return subscription;
  }

  /** Makes the queues again, unless the topic has become another one. */
  private void renew(SubscriptionSpec spec, int lanes) {
    topics.forget(spec.topic());
    Topic topic = topics.find(spec.topic());
    if (topic.lanes() != lanes) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic '%s' had %d lanes when group '%s' subscribed and has %d now; subscribe again"
              .formatted(spec.topic(), lanes, spec.group(), topic.lanes()));
    }
    boolean unused = groups.ensure(spec.topic(), spec.group(), topic);
  }

  @Override
  public BrokerAdmin admin() {
    return admin;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      publisher.close();
      connections.close();
      log.info("Closed the transport to {}", settings.address());
    }
  }
}
