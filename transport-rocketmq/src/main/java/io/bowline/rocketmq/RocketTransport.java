// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.rocketmq.RocketMessages.SubscribedTopic;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.apis.producer.SendReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RocketMQ through its proxies. Thread-safe. */
final class RocketTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(RocketTransport.class);

  private final RocketSettings settings;
  private final RocketClient client;
  private final TopicAdmin admin;
  private final Producer producer;
  private final RocketMessages messages;
  private final LaneSends sends = new LaneSends();
  private final Complaints complaints = new Complaints(log);
  private final ConcurrentMap<String, Integer> lanes = new ConcurrentHashMap<>();

  /** Topics that existed once, so that "not found" means that their brokers are away. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private final Set<Sending> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private RocketTransport(RocketSettings settings, RocketClient client, TopicAdmin admin) {
    this.settings = settings;
    this.client = client;
    this.admin = admin;
    producer = client.producer();
    messages = new RocketMessages(client.provider());
  }

  static RocketTransport open(RocketSettings settings) {
    RocketClient client = new RocketClient(settings);
    TopicAdmin admin = TopicAdmin.of(settings, client);
    client.reach();
    RocketTransport transport = new RocketTransport(settings, client, admin);
    log.info("Connected to {}, TLS {}", settings.address(), settings.sslEnabled() ? "on" : "off");
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
    seen.add(topic);
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
    CompletableFuture<Receipt> result = new CompletableFuture<>();
    if (closed) {
      result.completeExceptionally(
          new TransportException(
              Verdict.REFUSED, message + " was not sent: this transport is closed"));
      return result;
    }
    Message written;
    try {
      written = messages.written(message);
    } catch (RuntimeException e) {
      result.completeExceptionally(failure(message, e));
      return result;
    }
    Sending sending = new Sending(message, written, result);
    underWay.add(sending);
    sends.add(message.topic(), message.lane(), () -> start(sending));
    giveUpInTime(sending);
    return result;
  }

  private static final class Sending {
    private final Outgoing message;
    private final Message written;
    private final CompletableFuture<Receipt> result;

    /** Whether it was handed to the client, or given up before: one of them, decided once. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private Sending(Outgoing message, Message written, CompletableFuture<Receipt> result) {
      this.message = message;
      this.written = written;
      this.result = result;
    }
  }

  /** Sends, unless the time ran out while it waited for its lane. */
  private CompletionStage<?> start(Sending sending) {
    if (!sending.decided.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<SendReceipt> sent;
    try {
      sent = producer.sendAsync(sending.written);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    return sent.handle(
        (receipt, failure) ->
            failure == null
                ? sending.result.complete(confirmed(sending.message, receipt))
                : sending.result.completeExceptionally(failure(sending.message, failure)));
  }

  private void giveUpInTime(Sending sending) {
    CompletableFuture<Receipt> result = sending.result;
    // A copy, since what it throws is not ours; the timer ends with the result.
    CompletableFuture<Receipt> unused =
        result
            .copy()
            .orTimeout(settings.confirmTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (receipt, failure) -> {
                  underWay.remove(sending);
                  if (failure instanceof TimeoutException) {
                    result.completeExceptionally(outOfTime(sending));
                  }
                });
  }

  private TransportException outOfTime(Sending sending) {
    boolean unsent = sending.decided.compareAndSet(false, true);
    return new TransportException(
        unsent ? Verdict.NOT_STORED : Verdict.UNKNOWN,
        "%s had no answer from RocketMQ at %s within %s%s"
            .formatted(
                sending.message,
                settings.endpoints(),
                settings.confirmTimeout(),
                unsent ? ": it still waited for the sends before it in its lane" : ""));
  }

  private Receipt confirmed(Outgoing message, SendReceipt receipt) {
    seen.add(message.topic());
    return new Receipt(
        message.messageId(), message.topic(), message.lane(), receipt.getMessageId().toString());
  }

  private TransportException failure(Outgoing message, Throwable failure) {
    if (RocketVerdicts.unwrapped(failure) instanceof TransportException ours) {
      return ours;
    }
    return new TransportException(
        RocketVerdicts.of(failure, seen.contains(message.topic())),
        "%s was not confirmed by RocketMQ at %s: %s"
            .formatted(message, settings.endpoints(), RocketVerdicts.described(failure)),
        failure);
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
    return spec -> {
      admin.ensure(spec);
      seen.add(spec.topic());
      lanes.put(spec.topic(), spec.lanes());
    };
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      CompletableFuture.allOf(
              underWay.stream().map(each -> each.result).toArray(CompletableFuture[]::new))
          .get(settings.confirmTimeout().toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Sends under way at closing ended with {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close();
    RocketClient.closed("producer", producer, settings.connectTimeout());
    log.info("Disconnected from {}", settings.address());
  }
}
