// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RocketSettingsTest {

  private static RocketSettings settings(String address) {
    return RocketSettings.of(TransportConfig.of(BrokerAddress.parse(address)));
  }

  @Test
  void theDefaultsAreTheDocumentedOnes() {
    RocketSettings settings = settings("rocketmq://mq.example");
    assertEquals("mq.example:8081", settings.endpoints());
    assertTrue(settings.namesrv().isEmpty());
    assertEquals(64, settings.lanes());
    assertEquals(8, settings.queues());
    assertEquals(4, settings.receivers());
    assertEquals(Duration.ofSeconds(30), settings.invisible());
    assertEquals(Duration.ofSeconds(5), settings.await());
    assertTrue(settings.sslEnabled());
  }

  @Test
  void severalProxiesAndNameServersAreJoined() {
    RocketSettings settings = settings("rocketmq://10.0.0.1,10.0.0.2:81?namesrv=n1:9876,n2:9876");
    assertEquals("10.0.0.1:8081;10.0.0.2:81", settings.endpoints());
    assertEquals("n1:9876;n2:9876", settings.namesrv().orElseThrow());
  }

  @Test
  void tlsIsOnUnlessNothingLeavesTheMachine() {
    assertFalse(settings("rocketmq://127.0.0.1:8081").sslEnabled());
    assertFalse(settings("rocketmq://localhost").sslEnabled());
    assertTrue(settings("rocketmq://127.0.0.1,10.0.0.1").sslEnabled());
    assertTrue(settings("rocketmq://localhost?ssl=true").sslEnabled());
    assertFalse(settings("rocketmq://mq.example?ssl=false").sslEnabled());
  }

  @Test
  void anUnknownOptionIsRefusedWithTheKnownOnes() {
    TransportException refused =
        assertThrows(TransportException.class, () -> settings("rocketmq://h?maxAttempts=3"));
    assertEquals(Verdict.REFUSED, refused.verdict());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("maxAttempts") && message.contains("namesrv"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lanes=0",
        "lanes=1025",
        "lanes=many",
        "queues=0",
        "receivers=65",
        "invisible=30",
        "invisible=0s",
        "invisible=13h",
        "invisible=999999999m",
        "await=21s",
        "ssl=maybe"
      })
  void nonsenseIsRefused(String option) {
    TransportException refused =
        assertThrows(TransportException.class, () -> settings("rocketmq://h?" + option));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }
}
