// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeSettingsTest {
  private static final SubscriptionSpec SPEC = new SubscriptionSpec("orders", "billing", 100);

  @ParameterizedTest
  @CsvSource({
    "acks,1",
    "acks,0",
    "enable.idempotence,false",
    "max.in.flight.requests.per.connection,6",
    "delivery.timeout.ms,1000",
    "max.block.ms,60000",
    "retries,0",
    "transactional.id,t",
    "key.serializer,x",
    "value.serializer,x",
    "partitioner.class,x",
    "partitioner.ignore.keys,true",
    "key.deserializer,x",
    "value.deserializer,x",
    "enable.auto.commit,true",
    "enable.auto.commit,TRUE",
    "auto.offset.reset,latest",
    "auto.offset.reset,earliest",
    "auto.offset.reset,by_duration:PT1H",
    "allow.auto.create.topics,true",
    "group.id,g",
    "group.instance.id,i",
    "check.crcs,false",
    "bootstrap.servers,h:1",
    "bootstrap.controllers,h:1"
  })
  void whatWouldBreakAPromiseIsRefusedWithTheReason(String name, String value) {
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> SafeSettings.of(config("kafka://h").properties(Map.of(name, value))));
    assertEquals(Verdict.REFUSED, refused.verdict());
    String message = String.valueOf(refused.getMessage());
    String reason = RefusedProperties.reason(name, value).orElseThrow();
    assertTrue(message.contains(name) && message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource({
    "acks,all",
    "acks,-1",
    "enable.idempotence,true",
    "max.in.flight.requests.per.connection,1",
    "retries,5",
    "enable.auto.commit,false",
    "auto.offset.reset,none",
    "allow.auto.create.topics,false",
    "check.crcs,true",
    "isolation.level,read_uncommitted",
    "group.protocol,consumer",
    "linger.ms,5",
    "compression.type,lz4",
    "max.poll.records,10",
    "request.timeout.ms,5000",
    "security.protocol,PLAINTEXT",
    "sasl.mechanism,PLAIN",
    "ssl.endpoint.identification.algorithm,https"
  })
  void whatBreaksNothingIsPassedOn(String name, String value) {
    SafeSettings settings = SafeSettings.of(config("kafka://h").properties(Map.of(name, value)));
    assertDoesNotThrow(() -> new ProducerConfig(settings.producer()));
    assertDoesNotThrow(() -> new ConsumerConfig(settings.consumer(SPEC)));
    assertDoesNotThrow(() -> new AdminClientConfig(settings.admin()));
    assertPassedOn(ProducerConfig.configNames(), settings.producer(), name, value);
    assertPassedOn(ConsumerConfig.configNames(), settings.consumer(SPEC), name, value);
    assertPassedOn(AdminClientConfig.configNames(), settings.admin(), name, value);
  }

  private static void assertPassedOn(
      Set<String> known, Map<String, Object> settings, String name, String value) {
    if (!known.contains(name)) {
      assertNull(settings.get(name), "a client is told of " + name + ", which it does not know");
    } else if (!name.equals("acks")) {
      assertEquals(value, String.valueOf(settings.get(name)));
    }
  }

  @Test
  void aPropertyThatNoClientKnowsGoesToAllOfThem() {
    SafeSettings settings = SafeSettings.of(config("kafka://h?my.plugin=on"));
    assertEquals("on", settings.producer().get("my.plugin"));
    assertEquals("on", settings.consumer(SPEC).get("my.plugin"));
    assertEquals("on", settings.admin().get("my.plugin"));
  }

  @Test
  void propertiesWinOverTheAddress() {
    TransportConfig config = config("kafka://h?linger.ms=3").properties(Map.of("linger.ms", "7"));
    assertEquals("7", SafeSettings.of(config).producer().get("linger.ms"));
  }

  @Test
  void theAddressNamesTheHosts() {
    SafeSettings settings = SafeSettings.of(config("kafka://h1:9093,h2"));
    assertEquals("h1:9093,h2:9092", settings.producer().get("bootstrap.servers"));
  }

  @Test
  void confirmedMeansAllInSyncReplicas() {
    Map<String, Object> producer = SafeSettings.of(config("kafka://h")).producer();
    assertEquals("all", producer.get("acks"));
    assertEquals(true, producer.get("enable.idempotence"));
    assertEquals(0, producer.get("linger.ms"));
  }

  @ParameterizedTest
  @CsvSource({"PT0.2S", "PT1S", "PT3S", "PT30S", "PT10M"})
  void everyWaitOfASendFitsInTheConfirmTimeout(Duration confirm) {
    Map<String, Object> producer =
        SafeSettings.of(config("kafka://h").confirmTimeout(confirm)).producer();
    assertDoesNotThrow(() -> new ProducerConfig(producer));
    long block = ((Number) producer.getOrDefault("max.block.ms", 0)).longValue();
    long delivery = ((Number) producer.getOrDefault("delivery.timeout.ms", 0)).longValue();
    long request = ((Number) producer.getOrDefault("request.timeout.ms", 0)).longValue();
    assertTrue(block <= 1_000, "a send blocks " + block);
    assertTrue(block + delivery <= confirm.toMillis(), block + " + " + delivery);
    assertTrue(request <= delivery, request + " > " + delivery);
  }

  @Test
  void aGroupCommitsOnlyWhatIsAcceptedAndResetsNothing() {
    Map<String, Object> consumer = SafeSettings.of(config("kafka://h")).consumer(SPEC);
    assertEquals("billing", consumer.get("group.id"));
    assertEquals(false, consumer.get("enable.auto.commit"));
    assertEquals("none", consumer.get("auto.offset.reset"));
    assertEquals(false, consumer.get("allow.auto.create.topics"));
    assertEquals("read_committed", consumer.get("isolation.level"));
    assertEquals(100, consumer.get("max.poll.records"));
    assertTrue(String.valueOf(consumer.get("partition.assignment.strategy")).contains("Sticky"));
  }

  @Test
  void theConsumerProtocolGetsNoAssignor() {
    Map<String, Object> consumer =
        SafeSettings.of(config("kafka://h?group.protocol=consumer")).consumer(SPEC);
    assertFalse(consumer.containsKey("partition.assignment.strategy"));
  }

  @Test
  void aLoginInTheAddressNeedsItsMechanism() {
    assertRefused("kafka://me:hush@h:9092", "sasl.mechanism");
    assertRefused("kafka://me:hush@h?sasl.mechanism=GSSAPI", "sasl.jaas.config");
    assertRefused("kafka://me@h?sasl.mechanism=PLAIN", "a user and a password");
    assertRefused("kafka://me:hush@h?sasl.mechanism=PLAIN&security.protocol=SSL", "SASL_SSL");
    assertRefused("kafka://me:hush@h?sasl.mechanism=PLAIN&sasl.jaas.config=x", "one of them");
  }

  private static void assertRefused(String address, String why) {
    TransportException refused =
        assertThrows(TransportException.class, () -> SafeSettings.of(config(address)));
    String message = String.valueOf(refused.getMessage());
    assertEquals(Verdict.REFUSED, refused.verdict());
    assertTrue(message.contains(why), message);
    assertFalse(message.contains("hush"), message);
  }

  @Test
  void aLoginInTheAddressGoesInTlsUnlessTheClearIsAskedFor() {
    String address = "kafka://me:hu%22sh@h?sasl.mechanism=scram-sha-512";
    Map<String, Object> producer = SafeSettings.of(config(address)).producer();
    assertEquals("SASL_SSL", producer.get("security.protocol"));
    assertEquals("SCRAM-SHA-512", producer.get("sasl.mechanism"));
    assertEquals(
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"me\""
            + " password=\"hu\\\"sh\";",
        producer.get("sasl.jaas.config"));
    String clear = address + "&security.protocol=SASL_PLAINTEXT";
    assertEquals("SASL_PLAINTEXT", SafeSettings.of(config(clear)).admin().get("security.protocol"));
  }

  @Test
  void aPasswordInsideAJaasConfigurationIsASecretToo() {
    SafeSettings settings =
        SafeSettings.of(
            config("kafka://h?sasl.jaas.config=X%20username=%22me%22%20password='hush';"));
    assertEquals("me has ***", settings.withoutSecrets("me has hush"));
    SafeSettings address = SafeSettings.of(config("kafka://me:hush@h?sasl.mechanism=PLAIN"));
    assertEquals("me has ***", address.withoutSecrets("me has hush"));
  }

  @Test
  void aPathIsRefused() {
    TransportException refused =
        assertThrows(TransportException.class, () -> SafeSettings.of(config("kafka://h/orders")));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }

  @Test
  void secretsAreLeftOutOfAClientsWords() {
    SafeSettings settings = SafeSettings.of(config("kafka://h?ssl.key.password=hush&acks=all"));
    assertEquals("Bad value *** for all", settings.withoutSecrets("Bad value hush for all"));
  }

  @Test
  void everyRefusedNameIsOneThatKafkaKnows() {
    for (String name : RefusedProperties.names()) {
      assertTrue(
          ProducerConfig.configNames().contains(name)
              || ConsumerConfig.configNames().contains(name)
              || AdminClientConfig.configNames().contains(name),
          name);
    }
  }

  private static TransportConfig config(String address) {
    return TransportConfig.of(BrokerAddress.parse(address));
  }
}
