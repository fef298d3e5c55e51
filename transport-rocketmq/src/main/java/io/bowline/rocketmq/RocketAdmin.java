// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
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

  private static Set<String> recorded(DefaultMQAdminExt admin) throws Exception {
    try {
      return admin.getKVListByNamespace(LANES).getTable().keySet();
    } catch (MQClientException e) {
      if (e.getResponseCode() == ResponseCode.QUERY_NOT_FOUND) {
        return Set.of();
      }
      throw e;
    }
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
  public Provisioning provide(TopicSpec spec, Mode mode) {
    String topic = RocketNames.topic(spec.topic());
    String what = (mode == Mode.MAKE ? "Making topic " : "Looking at topic ") + topic;
    Provisioning found = ask(what, admin -> told(admin, spec, mode));
    if (mode == Mode.MAKE && found.lanes() == spec.lanes()) {
      ask(what, admin -> made(admin, topic, spec.lanes()));
      awaitVisible(topic);
      spec.groups().forEach(group -> prepare(topic, RocketNames.group(group)));
    }
    return found;
  }

  /** What is there before anything is made. */
  private Provisioning told(DefaultMQAdminExt admin, TopicSpec spec, Mode mode) throws Exception {
    String topic = RocketNames.topic(spec.topic());
    TopicProvision provision = new TopicProvision(admin, spec, mode);
    Collection<BrokerData> brokers = Brokers.of(admin, topic);
    if (brokers.isEmpty()) {
      return provision.absent(masters(admin));
    }
    int lanes = recorded(admin, topic).orElse(settings.lanes());
    return provision.found(lanes, Brokers.masters(brokers));
  }

  private boolean made(DefaultMQAdminExt admin, String topic, int lanes) throws Exception {
    Collection<BrokerData> brokers = Brokers.of(admin, topic);
    for (BrokerData broker : brokers) {
      OrderedTopic.require(admin.examineTopicConfig(Brokers.master(broker), topic));
    }
    // The number first: whoever sees the topic sees its lanes.
    admin.createAndUpdateKvConfig(LANES, topic, Integer.toString(lanes));
    if (brokers.isEmpty()) {
      for (String master : masters(admin)) {
        admin.createAndUpdateTopicConfig(master, OrderedTopic.of(topic, settings.queues()));
      }
    }
    return true;
  }

  private Set<String> masters(DefaultMQAdminExt admin) throws Exception {
    return Brokers.masters(admin, settings.cluster());
  }

  /** Those whose lanes are recorded. */
  @Override
  public List<String> topics() {
    return ask(
        "Listing the topics",
        admin -> {
          Set<String> recorded = recorded(admin);
          return admin.fetchAllTopicList().getTopicList().stream()
              .filter(recorded::contains)
              .sorted()
              .toList();
        });
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
          for (BrokerData broker : Brokers.of(admin, topic)) {
            new StartPositions(admin, Brokers.master(broker)).prepare(topic, group);
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
              Set<String> masters = Brokers.masters(Brokers.of(admin, asked));
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
                  Collection<BrokerData> brokers = Brokers.of(admin, asked);
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
