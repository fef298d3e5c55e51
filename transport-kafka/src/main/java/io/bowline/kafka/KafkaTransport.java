// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster: a lane is a partition, a group is a consumer group. Opened by {@link
 * KafkaTransportProvider}. Thread-safe.
 */
final class KafkaTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTransport.class);

  private static final DescribeClusterOptions SHORT = new DescribeClusterOptions().timeoutMs(2_000);

  /** How long an answer may stay away before it is found out what speaks at the door. */
  private static final Duration PROBE_AFTER = Duration.ofSeconds(1);

  private final TransportConfig config;
  private final SafeSettings settings;
  private final Admin client;
  private final KafkaAdmin admin;
  private final KafkaSender sender;

  /** What {@link #lanes} answered, as long as sends find these partitions. */
  private final Map<String, Integer> lanes = new ConcurrentHashMap<>();

  private volatile boolean closed;

  private KafkaTransport(TransportConfig config, SafeSettings settings, Admin client) {
    this.config = config;
    this.settings = settings;
    this.client = client;
    this.admin = new KafkaAdmin(client, config.connectTimeout(), settings::largestRequest);
    this.sender =
        new KafkaSender(
            () -> new KafkaProducer<>(settings.producer()),
            config,
            new LoginWatch(() -> client.describeCluster(SHORT).nodes()),
            lanes::remove);
  }

  /** Reaches a broker and starts a producer; nothing is left behind if that fails. */
  static KafkaTransport open(TransportConfig config) {
    SafeSettings settings = SafeSettings.of(config);
    Admin client = made(config, settings, () -> Admin.create(settings.admin()));
    try {
      reach(config, settings, client);
      KafkaTransport opened =
          made(config, settings, () -> new KafkaTransport(config, settings, client));
      LOG.info("Opened {}", config.address());
      return opened;
    } catch (RuntimeException e) {
      // Nothing is worth waiting for, and a question without answer would be waited for.
      client.close(Duration.ZERO);
      throw e;
    }
  }

  private static void reach(TransportConfig config, SafeSettings settings, Admin client) {
    String tried = "Reaching Kafka at " + hosts(config);
    KafkaFuture<?> answer = client.describeCluster().nodes();
    Duration whole = config.connectTimeout();
    Duration soon = whole.compareTo(PROBE_AFTER) < 0 ? whole : PROBE_AFTER;
    if (isThere(answer, soon, tried)) {
      return;
    }
    for (String host : config.address().hosts(SafeSettings.DEFAULT_PORT)) {
      Optional<String> mismatch = DoorProbe.mismatch(host, settings.protocol());
      if (mismatch.isPresent()) {
        throw new TransportException(Verdict.REFUSED, tried + " failed: " + mismatch.get() + ".");
      }
    }
    if (!isThere(answer, whole.minus(soon), tried)) {
      throw new TransportException(
          Verdict.UNKNOWN,
          "%s failed: none of them answered as a Kafka broker within %s%s. Check the address, the"
                  .formatted(tried, whole, unresolved(config))
              + " network, security.protocol, and that a broker runs there.");
    }
  }

  /** Whether the answer came; a refusal is thrown. */
  private static boolean isThere(KafkaFuture<?> answer, Duration atMost, String tried) {
    try {
      KafkaAnswers.await(answer, atMost, tried);
      return true;
    } catch (TransportException e) {
      if (e.verdict() == Verdict.REFUSED || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.debug("{} has no answer yet", tried, e);
      return false;
    }
  }

  /** Clients complain of settings, and of hosts without an address, when they are made. */
  private static <T> T made(TransportConfig config, SafeSettings settings, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (KafkaException e) {
      Throwable root = e.getCause() == null ? e : e.getCause();
      String unresolved = unresolved(config);
      Verdict verdict = unresolved.isEmpty() ? Verdict.REFUSED : Verdict.UNKNOWN;
      // Without the cause: Kafka quotes values in its words, and they may be secret.
      throw new TransportException(
          verdict,
          "Cannot open %s: %s%s. Check the properties and the address."
              .formatted(config.address(), settings.withoutSecrets(root.getMessage()), unresolved));
    }
  }

  private static String unresolved(TransportConfig config) {
    List<String> names =
        config.address().hosts(SafeSettings.DEFAULT_PORT).stream()
            .map(host -> host.substring(0, host.lastIndexOf(':')))
            .filter(name -> !resolves(name))
            .toList();
    return names.isEmpty() ? "" : " (no address is known for " + String.join(", ", names) + ")";
  }

  private static boolean resolves(String name) {
    try {
      return InetAddress.getAllByName(name).length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String hosts(TransportConfig config) {
    return String.join(",", config.address().hosts(SafeSettings.DEFAULT_PORT));
  }

  @Override
  public int lanes(String topic) {
    Integer known = lanes.get(topic);
    if (known != null) {
      return known;
    }
    requireOpen("Looking up topic " + topic);
    int found = admin.partitions(topic);
    sender.warm(topic);
    lanes.put(topic, found);
    return found;
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    return sender.send(message);
  }

  /**
   * Yes, as the sequence numbers of an idempotent producer do it: of one producer the broker stores
   * no batch of a partition before those that come earlier. Where these do not help, {@link
   * KafkaLane} does, for a producer that the broker does not know yet, and {@link KafkaSender},
   * which lets no new producer store before all that a dead one had under way is told.
   */
  @Override
  public boolean keepsPipelinedOrder() {
    return true;
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener listener) {
    requireOpen("Subscribing to topic " + spec.topic());
    lanes.remove(spec.topic());
    lanes(spec.topic());
    KafkaConsumer<byte[], byte[]> consumer =
        made(config, settings, () -> new KafkaConsumer<>(settings.consumer(spec)));
    KafkaSubscription subscription =
        new KafkaSubscription(consumer, spec, listener, config.connectTimeout());
    try {
      subscription.start();
      return subscription;
    } catch (RuntimeException e) {
      subscription.close();
      throw e;
    }
  }

  @Override
  public BrokerAdmin admin() {
    return admin;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    sender.close();
    boolean interrupted = Thread.interrupted();
    try {
      client.close(config.connectTimeout());
    } catch (RuntimeException e) {
      LOG.warn("Kafka's admin client did not close in order: {}", e.toString());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    LOG.info("Closed {}", config.address());
  }

  private void requireOpen(String tried) {
    if (closed) {
      throw new TransportException(
          Verdict.REFUSED, tried + " failed: the transport is closed. Open another.");
    }
  }
}
