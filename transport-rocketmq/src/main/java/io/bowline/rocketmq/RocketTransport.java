// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.TopicAudit;
import io.bowline.rocketmq.RocketMessages.SubscribedTopic;
import io.bowline.transport.Backlog;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RocketMQ through its proxies. Thread-safe. */
final class RocketTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(RocketTransport.class);

  private final RocketSettings settings;
  private final RocketClient client;
  private final TopicAdmin admin;
  private final RocketMessages messages;
  private final RocketSender sender;
  private final Complaints complaints = new Complaints(log);
  private final ConcurrentMap<String, Integer> lanes = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private RocketTransport(RocketSettings settings, RocketClient client, TopicAdmin admin) {
    this.settings = settings;
    this.client = client;
    this.admin = admin;
    messages = new RocketMessages(client.provider());
    sender = new RocketSender(settings, messages, new Publishing(settings, client));
  }

  static RocketTransport open(RocketSettings settings) {
    RocketClient client = new RocketClient(settings);
    TopicAdmin admin = TopicAdmin.of(settings, client);
    client.reach();
    RocketTransport transport = new RocketTransport(settings, client, admin);
    log.info("Connected to {}, TLS {}", settings.address(), settings.tls());
    if (settings.sslEnabled() && !settings.verifiesCertificates()) {
      log.warn(
          "Anybody may pose as {}: ssl.verify=false accepts any certificate", settings.address());
    }
    return transport;
  }

  @Override
  public int lanes(String topic) {
    Integer known = lanes.get(topic);
    if (known != null) {
      return known;
    }
    if (!client.exists(RocketNames.topic(topic))) {
      throw noSuchTopic(topic);
    }
    sender.saw(topic);
    int asked = admin.lanes(RocketNames.topic(topic)).orElse(settings.lanes());
    lanes.put(topic, asked);
    return asked;
  }

  private TransportException noSuchTopic(String topic) {
    return new TransportException(
        Verdict.REFUSED,
        "RocketMQ at %s has no topic '%s': make it with ensure, or by mqadmin updateTopic -a"
                .formatted(settings.endpoints(), RocketNames.topic(topic))
            + " +message.type=FIFO");
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    return sender.send(message);
  }

  /**
   * The proxy hands requests to a pool of threads, so that sends of one message group which are
   * under way together may be stored in any order, even if none of them fails.
   */
  @Override
  public boolean keepsPipelinedOrder() {
    return false;
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener listener) {
    String topic = RocketNames.topic(spec.topic());
    String group = RocketNames.group(spec.group());
    SubscribedTopic subscribed = new SubscribedTopic(spec.topic(), lanes(spec.topic()));
    admin.prepare(topic, group);
    SimpleConsumer consumer = client.consumer(topic, group);
    RocketMember member =
        new RocketMember(consumer, subscribed, spec.group(), settings, complaints);
    int threads = Math.min(settings.receivers(), spec.maxUnsettled());
    int batch = Math.min(RocketSettings.MAX_BATCH, spec.maxUnsettled() / threads);
    Receivers.Plan plan =
        new Receivers.Plan(
            member.who(), threads, batch, settings.invisible(), client.receiveWithin());
    Receivers receivers = new Receivers(consumer, plan, spec.maxUnsettled(), complaints);
    RocketSubscription subscription = new RocketSubscription(member, receivers, messages, listener);
    subscription.start();
    return subscription;
  }

  @Override
  public BrokerAdmin admin() {
    return new Remembering();
  }

  /** Remembers what it made. */
  private final class Remembering implements BrokerAdmin {
    @Override
    public Provisioning provide(TopicSpec spec, Mode mode) {
      Provisioning found = admin.provide(spec, mode);
      if (mode == Mode.MAKE && found.lanes() == spec.lanes()) {
        sender.saw(spec.topic());
        lanes.put(spec.topic(), spec.lanes());
      }
      return found;
    }

    @Override
    public List<String> topics() {
      return admin.topics();
    }

    @Override
    public Backlog backlog(String topic, String group) {
      return admin.backlog(topic, group);
    }

    @Override
    public TopicAudit audit(String topic) {
      return admin.audit(topic);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    sender.close();
    admin.close();
    log.info("Disconnected from {}", settings.address());
  }
}
