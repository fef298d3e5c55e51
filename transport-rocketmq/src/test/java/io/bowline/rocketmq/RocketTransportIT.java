// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.Outgoing;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.common.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the conformance kit cannot know of RocketMQ. */
final class RocketTransportIT {
  private static final BrokerServer SERVER = Servers.rocketmq();
  private static final BrokerAddress ADDRESS = BrokerAddress.parse(SERVER.address());
  private static Transport transport;
  private static Operator operator;

  private final String topic = "it." + UUID.randomUUID();
  private final String group = topic + ".group";

  @BeforeAll
  static void connect() throws Exception {
    transport = open(Map.of("invisible", "5s"));
    operator = new Operator(Servers.rocketmq().address());
  }

  @AfterAll
  static void disconnect() {
    transport.close();
    operator.close();
  }

  private static Transport open(Map<String, String> options) {
    TransportConfig config = TransportConfig.of(ADDRESS).properties(options);
    return new RocketTransportProvider().open(config);
  }

  private static Transport openWithoutNameServer() {
    String address = "rocketmq://" + String.join(",", ADDRESS.hosts(8081));
    TransportConfig config = TransportConfig.of(BrokerAddress.parse(address));
    return new RocketTransportProvider().open(config);
  }

  private void ensure(int lanes) {
    transport.admin().ensure(TopicSpec.of(topic).lanes(lanes));
  }

  private List<String> send(int from, int to) {
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      byte[] body = ("m" + i).getBytes(UTF_8);
      texts.add("m" + i);
      sends.add(
          transport.send(
              new Outgoing("id-" + i, topic, i % 8, "k" + i, Map.of("n", "" + i), body)));
    }
    sends.forEach(CompletableFuture::join);
    return texts;
  }

  private Subscription subscribe(Transport by) {
    return by.subscribe(new SubscriptionSpec(topic, group, 100), Reading.ANY_LANE);
  }

  private static void startNewGroupsAtTheEnd(boolean yes) throws Exception {
    // A broker makes an exception for a topic that is still in memory; a large one is not.
    operator.set("initPopOffsetByCheckMsgInMem", Boolean.toString(!yes));
  }

  @Test
  void aNewGroupDoesNotSkipItsBacklog() throws Exception {
    startNewGroupsAtTheEnd(true);
    try {
      ensure(8);
      List<String> before = send(0, 100);
      try (Subscription subscription = subscribe(transport)) {
        Set<String> got = new TreeSet<>();
        Reading.receive(subscription, some -> some.size() >= 100)
            .forEach(each -> got.add(Reading.text(each)));
        assertEquals(new TreeSet<>(before), got);
      }
    } finally {
      startNewGroupsAtTheEnd(false);
    }
  }

  @Test
  void anExistingGroupKeepsItsPosition() {
    ensure(8);
    send(0, 20);
    try (Subscription first = subscribe(transport)) {
      Reading.receive(first, some -> some.size() >= 20);
    }
    List<String> later = send(20, 40);
    try (Subscription second = subscribe(transport)) {
      Set<String> got = new TreeSet<>();
      Reading.receive(second, some -> some.size() >= 20)
          .forEach(each -> got.add(Reading.text(each)));
      assertEquals(new TreeSet<>(later), got);
    }
  }

  @Test
  void lanesAreReadFromTheNameServerByAnybody() {
    ensure(5);
    try (Transport other = open(Map.of());
        Transport without = openWithoutNameServer()) {
      other.send(new Outgoing("id", topic, 4, "k", Map.of(), new byte[] {1})).join();
      assertEquals(5, other.lanes(topic));
      assertEquals(64, without.lanes(topic), "the documented default, where nobody can ask");
    }
  }

  @Test
  void withoutNameServerTopicsAreNotMade() {
    try (Transport without = openWithoutNameServer()) {
      TransportException refused =
          assertThrows(TransportException.class, () -> without.admin().ensure(TopicSpec.of(topic)));
      assertEquals(Verdict.REFUSED, refused.verdict());
      assertTrue(String.valueOf(refused.getMessage()).contains("namesrv"), refused.getMessage());
    }
  }

  @Test
  void withoutNameServerAnExistingTopicAndGroupWork() {
    transport.admin().ensure(TopicSpec.of(topic).groups(group));
    try (Transport without = openWithoutNameServer();
        Subscription subscription = subscribe(without)) {
      without.send(new Outgoing("id", topic, 63, "k", Map.of(), "x".getBytes(UTF_8))).join();
      Delivery got = Reading.receive(subscription, some -> !some.isEmpty()).get(0);
      assertEquals("k", got.key());
      assertEquals(63, got.lane());
    }
  }

  @Test
  void aTopicThatIsNotInOrderIsRefused() throws Exception {
    TopicConfig normal = new TopicConfig(RocketNames.topic(topic));
    normal.setReadQueueNums(1);
    normal.setWriteQueueNums(1);
    normal.setAttributes(Map.of("+message.type", "NORMAL"));
    operator.tools.createAndUpdateTopicConfig(operator.master, normal);
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> transport.admin().ensure(TopicSpec.of(topic).lanes(64)));
    assertEquals(Verdict.REFUSED, refused.verdict());
    assertTrue(String.valueOf(refused.getMessage()).contains("NORMAL"), refused.getMessage());
  }

  @Test
  void aHeldMessageDoesNotGoToAnotherMember() {
    ensure(1);
    sendToLane0("held");
    try (Subscription holder = subscribe(transport);
        Subscription other = subscribe(transport)) {
      List<Delivery> held = new ArrayList<>();
      long end = System.nanoTime() + Reading.PATIENCE.toNanos();
      Subscription at = holder;
      Subscription idle = other;
      while (held.isEmpty() && System.nanoTime() - end < 0) {
        held.addAll(holder.poll(1, Duration.ofMillis(100)));
        if (held.isEmpty() && held.addAll(other.poll(1, Duration.ofMillis(100)))) {
          at = other;
          idle = holder;
        }
      }
      end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
      while (System.nanoTime() - end < 0) {
        assertEquals(List.of(), at.poll(0, Duration.ofMillis(100)));
        assertEquals(List.of(), idle.poll(1, Duration.ofMillis(100)), "its lease is renewed");
      }
      assertTrue(at.accept(held.get(0)));
    }
  }

  private void sendToLane0(String text) {
    transport.send(new Outgoing(text, topic, 0, "k", Map.of(), text.getBytes(UTF_8))).join();
  }

  @Test
  void whatWasHandedOutAgainIsNotSeenAgainByThisMember() {
    ensure(1);
    List.of("held", "a", "b").forEach(this::sendToLane0);
    try (Subscription subscription = subscribe(transport)) {
      List<Delivery> all = new ArrayList<>();
      long end = System.nanoTime() + Reading.PATIENCE.toNanos();
      while (all.size() < 3 && System.nanoTime() - end < 0) {
        all.addAll(subscription.poll(10, Duration.ofMillis(200)));
      }
      assertEquals("held", Reading.text(all.get(0)));
      assertTrue(subscription.accept(all.get(1)));
      assertTrue(subscription.accept(all.get(2)));
      // Longer than the lease, without a poll: the broker opens the queue, and hands out all anew.
      sendToLane0("later");
      awaitNanos(Duration.ofSeconds(7));
      List<Delivery> again = Reading.receive(subscription, some -> !some.isEmpty());
      assertEquals(List.of("later"), again.stream().map(Reading::text).toList());
      assertTrue(subscription.accept(all.get(0)), "it is ours again, by its new handle");
    }
    sendToLane0("last");
    try (Subscription next = subscribe(transport)) {
      List<Delivery> left = Reading.receive(next, some -> !some.isEmpty());
      assertEquals(List.of("last"), left.stream().map(Reading::text).toList());
    }
  }

  /** Time itself is what is tested here: nobody polls. */
  private static void awaitNanos(Duration span) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(span.toMillis(), TimeUnit.MILLISECONDS))
        .join();
  }
}
