// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RabbitSettingsTest {

  @Test
  void aBareAddressHasTheDefaults() {
    RabbitSettings settings = settings("rabbitmq://localhost");
    assertEquals(List.of("localhost:5672"), settings.hostNames());
    assertEquals("guest", settings.user());
    assertEquals("guest", settings.password());
    assertEquals("/", settings.vhost());
    assertEquals(10, settings.heartbeatSeconds());
    assertEquals(16 << 20, settings.maxMessageBytes());
    assertEquals(2000, settings.prefetch());
    assertEquals(Duration.ofSeconds(10), settings.rpcTimeout());
    assertEquals("bowline", settings.connectionName());
    assertEquals(1, settings.foreignLanes());
    assertEquals(Optional.empty(), settings.queuesExpire());
  }

  @Test
  void everyPartOfAnAddressIsRead() {
    RabbitSettings settings =
        settings("rabbitmq://u%40x:p%2Fw@a:1,b/my%2Fhost?heartbeat=5&connection.name=shop");
    assertEquals(List.of("a:1", "b:5672"), settings.hostNames());
    assertEquals(List.of(1, 5672), settings.hosts().stream().map(h -> h.getPort()).toList());
    assertEquals("u@x", settings.user());
    assertEquals("p/w", settings.password());
    assertEquals("my/host", settings.vhost());
    assertEquals(5, settings.heartbeatSeconds());
    assertEquals("shop", settings.connectionName());
  }

  @Test
  void anUnknownPropertyIsRefusedWithTheKnownOnes() {
    String text = refusal("rabbitmq://localhost?hartbeat=5");
    assertTrue(text.contains("'hartbeat'") && text.contains("heartbeat=seconds"), text);
  }

  @Test
  void aValueOutOfBoundsIsRefusedWithoutShowingIt() {
    String text = refusal("rabbitmq://localhost?heartbeat=hunter2");
    assertTrue(text.contains("'heartbeat' must be a whole number from 1 to 3600"), text);
    assertFalse(text.contains("hunter2"), text);
    refusal("rabbitmq://localhost?heartbeat=0");
    refusal("rabbitmq://localhost?prefetch=2001");
    refusal("rabbitmq://localhost?lanes=0");
    refusal("rabbitmq://localhost?queues.expire=999");
    refusal("rabbitmq://localhost?max.message.bytes=99&max.outstanding.bytes=98");
  }

  @Test
  void tlsHasItsSchemePortAndStores() {
    RabbitSettings settings =
        settings(
            "amqps://a,b:1?ssl.trust.store=ca.pem&ssl.trust.store.type=pem"
                + "&ssl.key.store=me.p12&ssl.key.store.password=hunter2&sasl.mechanism=external");
    assertEquals(List.of("a:5671", "b:1"), settings.hostNames());
    assertTrue(settings.tls() && settings.verifyHostname() && settings.external());
    assertEquals("ssl.trust.store=ca.pem (PEM)", String.valueOf(settings.trustStore()));
    assertEquals("ssl.key.store=me.p12 (PKCS12)", String.valueOf(settings.keyStore()));
    assertFalse(settings("amqps://a?ssl.verify.hostname=false").verifyHostname());
  }

  @Test
  void settingsOfTlsNeedTls() {
    refusal("rabbitmq://a?ssl.trust.store=ca.pem");
    refusal("rabbitmq://a?ssl.verify.hostname=false");
    refusal("rabbitmq://a?sasl.mechanism=EXTERNAL");
    refusal("amqps://a?sasl.mechanism=EXTERNAL");
    refusal("amqps://a?sasl.mechanism=CRAM-MD5");
    refusal("amqps://a?ssl.trust.store=x&ssl.trust.store.type=CSV");
    refusal("amqps://a?ssl.validate.server.certificate=false");
  }

  @Test
  void hostsAreTriedInRandomOrderUnlessAskedOtherwise() {
    assertFalse(settings("rabbitmq://a,b").listedOrder());
    assertTrue(settings("rabbitmq://a,b?address.order=listed").listedOrder());
    refusal("rabbitmq://a,b?address.order=first");
  }

  @Test
  void anIpv6HostKeepsItsPort() {
    RabbitSettings settings = settings("rabbitmq://[::1]:7");
    assertEquals("[::1]", settings.hosts().get(0).getHost());
    assertEquals(7, settings.hosts().get(0).getPort());
  }

  @Test
  void anAnswerMayNotTakeLongerThanConnecting() {
    TransportConfig config = TransportConfig.of(BrokerAddress.parse("rabbitmq://localhost"));
    Duration short1 = Duration.ofSeconds(2);
    assertEquals(short1, RabbitSettings.of(config.connectTimeout(short1)).rpcTimeout());
  }

  private static RabbitSettings settings(String address) {
    return RabbitSettings.of(TransportConfig.of(BrokerAddress.parse(address)));
  }

  private static String refusal(String address) {
    TransportException refused =
        assertThrows(TransportException.class, () -> settings(address), address);
    assertEquals(Verdict.REFUSED, refused.verdict());
    return String.valueOf(refused.getMessage());
  }
}
