// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What RocketMQ alone tells, and does not tell, of what is left for a group. */
final class RocketBacklogIT {
  private static final BrokerServer SERVER = Servers.rocketmq();
  private static final BrokerAddress ADDRESS = BrokerAddress.parse(SERVER.address());

  private final Transport transport = open(ADDRESS);
  private final String topic = "backlog." + UUID.randomUUID();
  private final String group = topic + ".group";

  private static Transport open(BrokerAddress address) {
    return new RocketTransportProvider().open(TransportConfig.of(address));
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private void send(int messages) {
    Stream<CompletableFuture<?>> sends =
        IntStream.range(0, messages)
            .mapToObj(
                i ->
                    transport.send(
                        new Outgoing("id" + i, topic, i % 8, "k" + i, Map.of(), new byte[] {1})));
    CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
  }

  @Test
  void theBrokersTellTheAgeOfTheOldest() {
    transport.admin().ensure(TopicSpec.of(topic).groups(group));
    assertTrue(transport.admin().backlog(topic, group).age().isEmpty());
    send(40);
    Backlog left = transport.admin().backlog(topic, group);
    assertEquals(40, left.messages());
    assertEquals(Quality.AT_MOST, left.quality());
    assertEquals(Map.of(), left.lanes());
    assertEquals(topic, left.topic());
    Duration age = left.age().orElseThrow();
    assertTrue(age.compareTo(Duration.ofMinutes(5)) < 0, age::toString);
  }

  @Test
  void aGroupThatIsNotInOrderHasAnEstimateWithoutAge() throws Exception {
    transport.admin().ensure(TopicSpec.of(topic));
    try (Operator operator = new Operator(Servers.rocketmq().address())) {
      SubscriptionGroupConfig parallel = new SubscriptionGroupConfig();
      parallel.setGroupName(RocketNames.group(group));
      operator.tools.createAndUpdateSubscriptionGroupConfig(operator.master, parallel);
    }
    send(3);
    Backlog left = transport.admin().backlog(topic, group);
    assertEquals(3, left.messages());
    assertEquals(Quality.ESTIMATE, left.quality());
    assertTrue(left.age().isEmpty(), left::toString);
  }

  private static TransportException refused(BrokerAdmin admin, String topic, String group) {
    TransportException refused =
        assertThrows(TransportException.class, () -> admin.backlog(topic, group));
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    return refused;
  }

  @Test
  void withoutNameServerItIsRefusedAndSaidHow() {
    String proxies = "rocketmq://" + String.join(",", ADDRESS.hosts(8081));
    try (Transport without = open(BrokerAddress.parse(proxies))) {
      String said = String.valueOf(refused(without.admin(), topic, group).getMessage());
      assertTrue(said.contains("namesrv") && said.contains(group), said);
    }
  }

  @Test
  void aClosedTransportAsksNobodyAnyMore() {
    transport.admin().ensure(TopicSpec.of(topic).groups(group));
    transport.close();
    String said = String.valueOf(refused(transport.admin(), topic, group).getMessage());
    assertTrue(said.contains("closed"), said);
  }
}
