// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.jspecify.annotations.Nullable;

/**
 * Topics, groups and start positions, by way of the name server and the brokers' own ports. Needs
 * {@code rocketmq-tools}. Thread-safe, one call at a time.
 */
final class RocketAdmin implements TopicAdmin {
  /** Where the name server keeps the number of lanes of each topic. */
  static final String LANES = "BOWLINE_LANES";

  private static final Duration POLL = Duration.ofMillis(50);

  private final RocketSettings settings;
  private final RocketClient client;
  private final DefaultMQAdminExt admin;
  private boolean started;
  private boolean closed;

  RocketAdmin(RocketSettings settings, RocketClient client) {
    this.settings = settings;
    this.client = client;
    admin = new DefaultMQAdminExt(credentials(settings), settings.connectTimeout().toMillis());
    admin.setNamesrvAddr(settings.namesrv().orElse(""));
    // Unique, or else two admins in one process share connections, and the first to end ends both.
    admin.setInstanceName("bowline-" + UUID.randomUUID());
  }

  private static @Nullable RPCHook credentials(RocketSettings settings) {
    return settings
        .address()
        .user()
        .map(
            user -> {
              String secret = settings.address().password().orElse("");
              return settings
                  .token()
                  .map(token -> new SessionCredentials(user, secret, token))
                  .orElseGet(() -> new SessionCredentials(user, secret));
            })
        .map(AclClientRPCHook::new)
        .orElse(null);
  }

  private interface Call<T> {
    T of(DefaultMQAdminExt admin) throws Exception;
  }

  private synchronized <T> T ask(String what, Call<T> call) {
    if (closed) {
      throw new TransportException(
          Verdict.REFUSED, what + " failed: the transport is closed. Open another");
    }
    try {
      if (!started) {
        admin.start();
        started = true;
      }
      return call.of(admin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(Verdict.UNKNOWN, what, e);
    } catch (TransportException e) {
      throw e;
    } catch (MQBrokerException e) {
      throw failed(Verdict.REFUSED, what, e);
    } catch (Exception e) {
      throw failed(Verdict.UNKNOWN, what, e);
    }
  }

  private TransportException failed(Verdict verdict, String what, Exception cause) {
    return new TransportException(
        verdict,
        "%s by name server %s failed: %s"
            .formatted(what, settings.namesrv().orElse(""), RocketVerdicts.described(cause)),
        cause);
  }

  @Override
  public OptionalInt lanes(String topic) {
    return ask("Asking for the lanes of " + topic, admin -> recorded(admin, topic));
  }

  private static OptionalInt recorded(DefaultMQAdminExt admin, String topic) throws Exception {
    try {
      String number = admin.getKVConfig(LANES, topic);
      return number == null || !number.matches("\\d{1,4}")
          ? OptionalInt.empty()
          : OptionalInt.of(Integer.parseInt(number));
    } catch (MQClientException e) {
      if (e.getResponseCode() == ResponseCode.QUERY_NOT_FOUND) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  @Override
  public void ensure(TopicSpec spec) {
    String topic = RocketNames.topic(spec.topic());
    ask("Making topic " + topic, admin -> made(admin, topic, spec.lanes()));
    awaitVisible(topic);
    spec.groups().forEach(group -> prepare(topic, RocketNames.group(group)));
  }

  private boolean made(DefaultMQAdminExt admin, String topic, int lanes) throws Exception {
    Collection<BrokerData> brokers = brokersOf(admin, topic);
    if (brokers.isEmpty()) {
      // The number first: whoever sees the topic sees its lanes.
      admin.createAndUpdateKvConfig(LANES, topic, Integer.toString(lanes));
      for (String broker : masters(admin)) {
        admin.createAndUpdateTopicConfig(broker, OrderedTopic.of(topic, settings.queues()));
      }
      return true;
    }
    int before = recorded(admin, topic).orElse(settings.lanes());
    if (before != lanes) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic %s exists with %d lanes, but %d were asked for: ask for %d, or use another topic"
              .formatted(topic, before, lanes, before));
    }
    for (BrokerData broker : brokers) {
      OrderedTopic.require(admin.examineTopicConfig(master(broker), topic));
    }
    admin.createAndUpdateKvConfig(LANES, topic, Integer.toString(lanes));
    return false;
  }

  /** A proxy sees a new topic a moment later. */
  private void awaitVisible(String topic) {
    long end = System.nanoTime() + settings.connectTimeout().toNanos();
    while (!client.exists(topic)) {
      if (System.nanoTime() - end > 0) {
        throw new TransportException(
            Verdict.UNKNOWN,
            "Topic %s was made, but the proxy at %s did not see it within %s"
                .formatted(topic, settings.endpoints(), settings.connectTimeout()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      if (new CountDownLatch(1).await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("A latch that nobody counts down opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(Verdict.UNKNOWN, "Interrupted while waiting for a topic", e);
    }
  }

  @Override
  public void prepare(String topic, String group) {
    ask(
        "Preparing group " + group + " for topic " + topic,
        admin -> {
          for (BrokerData broker : brokersOf(admin, topic)) {
            new StartPositions(admin, master(broker)).prepare(topic, group);
          }
          return true;
        });
  }

  @Override
  public Backlog backlog(String topic, String group) {
    String asked = RocketNames.topic(topic);
    String reader = RocketNames.group(group);
    Backlog left =
        ask(
            "Counting what is left of topic " + asked + " for group " + reader,
            admin -> {
              Set<String> masters = new LinkedHashSet<>();
              brokersOf(admin, asked).forEach(broker -> masters.add(master(broker)));
              if (masters.isEmpty()) {
                throw nowhere(asked);
              }
              return new GroupBacklog(admin, asked, reader).count(masters);
            });
    return new Backlog(topic, group, left.messages(), left.lanes(), left.quality(), left.age());
  }

  @Override
  public TopicAudit audit(String topic) {
    String asked = RocketNames.topic(topic);
    return RocketAudit.of(
        topic,
        () ->
            ask(
                "Reading the brokers of topic " + asked,
                admin -> {
                  Collection<BrokerData> brokers = brokersOf(admin, asked);
                  if (brokers.isEmpty()) {
                    throw nowhere(asked);
                  }
                  return RocketAudit.facts(admin, asked, brokers);
                }));
  }

  private TransportException nowhere(String topic) {
    return new TransportException(
        Verdict.REFUSED,
        "Topic %s is at no broker that name server %s knows: is its name right?"
            .formatted(topic, settings.namesrv().orElse("")));
  }

  /** The brokers that hold a topic; none if there is no such topic. */
  private static Collection<BrokerData> brokersOf(DefaultMQAdminExt admin, String topic)
      throws Exception {
    try {
      return admin.examineTopicRouteInfo(topic).getBrokerDatas();
    } catch (MQClientException e) {
      if (e.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
        return Set.of();
      }
      throw e;
    }
  }

  private Set<String> masters(DefaultMQAdminExt admin) throws Exception {
    ClusterInfo info = admin.examineBrokerClusterInfo();
    Map<String, Set<String>> clusters = info.getClusterAddrTable();
    String cluster = settings.cluster().orElseGet(() -> onlyOne(clusters.keySet()));
    Set<String> masters = new LinkedHashSet<>();
    for (String name : clusters.getOrDefault(cluster, Set.of())) {
      masters.add(master(info.getBrokerAddrTable().get(name)));
    }
    if (masters.isEmpty()) {
      throw new TransportException(
          Verdict.UNKNOWN, "No broker of cluster " + cluster + " is known to the name server");
    }
    return masters;
  }

  private static String onlyOne(Set<String> clusters) {
    if (clusters.size() != 1) {
      throw new TransportException(
          clusters.isEmpty() ? Verdict.UNKNOWN : Verdict.REFUSED,
          "The name server knows the clusters "
              + clusters
              + ": name one by the option cluster, or wait until there is one");
    }
    return clusters.iterator().next();
  }

  static String master(@Nullable BrokerData broker) {
    String address = broker == null ? null : broker.getBrokerAddrs().get(MixAll.MASTER_ID);
    if (address == null) {
      throw new TransportException(
          Verdict.UNKNOWN, "Broker " + broker + " has no master just now; try again later");
    }
    return address;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (started) {
      started = false;
      // It waits some seconds for its threads; nobody needs to wait for it.
      RocketClient.closed("admin", admin::shutdown, Duration.ZERO);
    }
  }
}
