// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Backlog;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A client of an {@link InMemoryBroker}. */
final class MemoryTransport implements Transport {
  private static final String LEASE = "lease.ms";
  private static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

  private final InMemoryBroker broker;
  private final TransportConfig config;
  private final Duration lease;
  private final Map<Long, CompletableFuture<Receipt>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong sends = new AtomicLong();
  private volatile boolean closed;
  private volatile boolean crashed;

  private MemoryTransport(InMemoryBroker broker, TransportConfig config, Duration lease) {
    this.broker = broker;
    this.config = config;
    this.lease = lease;
  }

  static MemoryTransport open(InMemoryBroker broker, TransportConfig config) {
    Duration lease = lease(config);
    return broker.answered(
        config.connectTimeout(),
        "Connecting to " + broker.address(),
        () -> new MemoryTransport(broker, config, lease));
  }

  private static Duration lease(TransportConfig config) {
    for (String name : config.properties().keySet()) {
      if (!name.equals(LEASE)) {
        throw new TransportException(
            Verdict.REFUSED, "Property " + name + ": the in-memory broker knows only " + LEASE);
      }
    }
    String millis = config.properties().getOrDefault(LEASE, "" + DEFAULT_LEASE.toMillis());
    try {
      return Duration.ofMillis(Long.parseLong(millis));
    } catch (NumberFormatException e) {
      throw new TransportException(Verdict.REFUSED, LEASE + " must be a number of ms", e);
    }
  }

  @Override
  public int lanes(String topic) {
    return answered("Asking for the lanes of " + topic, () -> broker.existing(topic).lanes.size());
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new TransportException(
              Verdict.REFUSED, "Sending " + message + ": the transport was closed before"));
    }
    CompletableFuture<Receipt> answer =
        broker.intake().send(this, message, config.confirmTimeout());
    long number = sends.incrementAndGet();
    underWay.put(number, answer);
    CompletableFuture<Receipt> unused =
        answer.whenComplete((receipt, failure) -> underWay.remove(number));
    return answer;
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    return answered(
        "Subscribing to " + spec.topic(),
        () ->
            new MemorySubscription(this, broker.existing(spec.topic()).group(spec.group()), lanes));
  }

  @Override
  public BrokerAdmin admin() {
    return new Admin();
  }

  private final class Admin implements BrokerAdmin {
    @Override
    public Provisioning provide(TopicSpec spec, Mode mode) {
      return answered("Ensuring " + spec.topic(), () -> provided(spec, mode));
    }

    @Override
    public List<String> topics() {
      return answered("Listing the topics", broker::topics);
    }

    @Override
    public Backlog backlog(String topic, String group) {
      String what = "Counting what is left of " + topic + " for group " + group;
      return answered(what, () -> left(topic, group));
    }
  }

  private Backlog left(String topic, String group) {
    Group found = broker.existing(topic).groups.get(group);
    if (found == null) {
      throw new TransportException(
          Verdict.REFUSED,
          "Group %s of topic %s does not exist on %s: ensure it, or let a member subscribe, first"
              .formatted(group, topic, broker));
    }
    return found.backlog(topic, group);
  }

  private Provisioning provided(TopicSpec spec, Mode mode) {
    List<Part> parts = new ArrayList<>();
    Topic found = broker.find(spec.topic());
    String wanted = spec.lanes() + " lanes";
    int lanes = found == null ? spec.lanes() : found.lanes.size();
    parts.add(
        found == null
            ? Part.absent(mode, "topic " + spec.topic(), wanted)
            : Part.compared("topic " + spec.topic(), wanted, lanes + " lanes"));
    if (lanes == spec.lanes()) {
      for (String group : spec.groups()) {
        String what = "group %s of topic %s".formatted(group, spec.topic());
        boolean there = found != null && found.groups.containsKey(group);
        parts.add(there ? Part.compared(what, "kept", "kept") : Part.absent(mode, what, "kept"));
      }
      if (mode == Mode.MAKE) {
        make(spec);
      }
    }
    return new Provisioning(spec.topic(), lanes, parts);
  }

  private void make(TopicSpec spec) {
    if (broker.find(spec.topic()) == null) {
      broker.create(spec.topic(), spec.lanes());
    }
    spec.groups().forEach(broker.existing(spec.topic())::group);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    CompletableFuture<Void> answers =
        CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new));
    try {
      answers.get(config.confirmTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException told) {
      // Each send's own future tells what became of it.
    }
    dropMembers();
  }

  @Override
  public String toString() {
    return broker.address();
  }

  boolean isOf(InMemoryBroker other) {
    return broker == other;
  }

  boolean isCrashed() {
    return crashed;
  }

  void crash() {
    crashed = true;
    closed = true;
    dropMembers();
  }

  InMemoryBroker broker() {
    return broker;
  }

  Duration connectTimeout() {
    return config.connectTimeout();
  }

  Membership join(Group group) {
    Membership member = new Membership(group, this, lease.toNanos());
    group.join(member);
    return member;
  }

  private void dropMembers() {
    broker.change(() -> broker.drop(member -> member.transport == this));
  }

  private <T> T answered(String what, Supplier<T> work) {
    return broker.answered(config.connectTimeout(), what, work);
  }
}
