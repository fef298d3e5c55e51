// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Disclosure;
import io.bowline.testkit.servers.LocalRabbit;
import io.bowline.testkit.servers.LocalRabbitSetup;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TLS, passwords and certificates, against brokers that require them. */
final class RabbitSecurityIT {
  private static final TestCertificates CERTIFICATES = TestCertificates.get();
  private static final String SECRET = "hunter-2-is-secret";
  private static final String USER = "somebody";

  /** Long, so that what comes at once cannot be its end. */
  private static final Duration CONNECT = Duration.ofSeconds(60);

  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  private static LocalRabbit server;
  private static RabbitManagement management;

  private CapturedLog log;

  @BeforeAll
  static void startServer() {
    server = LocalRabbit.startNewest(LocalRabbitSetup.plain().tls(CERTIFICATES.server()));
    management = new RabbitManagement(server.management().toString());
    management.addUser(USER, SECRET, ".*");
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @BeforeEach
  void listen() {
    log = CapturedLog.begin();
  }

  @AfterEach
  void noSecretWasLogged() {
    log.close();
    assertEquals(List.of(), log.with(SECRET), "a password in the log");
    assertEquals(List.of(), log.with(CERTIFICATES.password()), "a store's password in the log");
  }

  @Test
  void aPasswordOverTlsSends() {
    sends(address(USER, SECRET), Map.of());
    sends(address(USER, SECRET), store("trust", CERTIFICATES.trustStore().toString(), "PKCS12"));
  }

  @Test
  void aNameOfTheCertificateIsAccepted() {
    sends(address(USER, SECRET).replace("127.0.0.1", "localhost"), Map.of());
  }

  @Test
  void aCertificateStandsForUserAndPassword() {
    try (LocalRabbit strict =
        LocalRabbit.startNewest(
            LocalRabbitSetup.plain().tls(CERTIFICATES.server()).clientCertificates())) {
      RabbitManagement users = new RabbitManagement(strict.management().toString());
      users.addUser(TestCertificates.CLIENT_NAME, "unused-password", ".*");
      Map<String, String> own = store("key", CERTIFICATES.client().keyStore().toString(), "PKCS12");
      own.put("sasl.mechanism", "EXTERNAL");
      sends(strict.tlsAddress(), own);
      TransportException without = refused(strict.tlsAddress(), Map.of());
      assertTrue(told(without).contains("alert"), told(without));
    }
  }

  @Test
  void anExpiredCertificateIsRefusedAtOnce() {
    try (LocalRabbit expired =
        LocalRabbit.startNewest(LocalRabbitSetup.plain().tls(CERTIFICATES.expired()))) {
      TransportException refused = refused(expired.tlsAddress(), Map.of());
      assertTrue(told(refused).contains("CertificateExpired"), told(refused));
    }
  }

  @Test
  void anUntrustedCertificateIsRefusedAtOnce() {
    Map<String, String> others =
        store("trust", CERTIFICATES.otherTrustStore().toString(), "PKCS12");
    TransportException refused = refused(address(USER, SECRET), others);
    assertTrue(told(refused).contains("SSLHandshakeException"), told(refused));
  }

  @Test
  void aCertificateForAnotherHostIsRefusedAtOnceUnlessAskedNotToLook() {
    String elsewhere = address(USER, SECRET).replace("127.0.0.1", "127.0.0.2");
    TransportException refused = refused(elsewhere, Map.of());
    assertTrue(told(refused).contains("127.0.0.2"), told(refused));
    sends(elsewhere, Map.of("ssl.verify.hostname", "false"));
  }

  @Test
  void aWrongPasswordIsRefusedAtOnceAndNotShown() {
    TransportException refused = refused(address(USER, SECRET + "-wrong"), Map.of());
    assertTrue(told(refused).contains("ACCESS_REFUSED"), told(refused));
  }

  @Test
  void aPortWithoutTlsIsRefusedAtOnce() {
    String plainPort =
        BrokerAddress.parse(server.address()).hosts(5672).get(0).replaceAll(".*:", "");
    TransportException refused = refused("amqps://127.0.0.1:" + plainPort, Map.of());
    assertTrue(told(refused).contains("use rabbitmq://"), told(refused));
  }

  @Test
  void aPortOfTlsWithoutTlsIsRefusedAtOnce() {
    String address = server.tlsAddress().replace("amqps:", "rabbitmq:");
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse(address)).connectTimeout(CONNECT);
    TransportException refused = refusedAtOnce(config);
    assertTrue(told(refused).contains("use amqps://"), told(refused));
  }

  @Test
  void credentialsRevokedUnderWayEndSendsProvenAndAreToldOnce() {
    String host = BrokerAddress.parse(server.address()).hosts(5672).get(0);
    management.addUser("leaver", SECRET, ".*");
    String address = "rabbitmq://leaver:" + SECRET + "@" + host + "?connection.name=leaver";
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse(address)).confirmTimeout(Duration.ofSeconds(3));
    try (Transport transport = Transports.open(config)) {
      transport.admin().ensure(new TopicSpec("revoked", 1, List.of("g")));
      RabbitScene.result(transport.send(message("revoked", "before")));
      management.addUser("leaver", "another-password", ".*");
      RabbitScene.await("the cut", () -> management.closeConnections("leaver publishing") > 0);
      RabbitScene.await("the refusal", () -> !log.with("WARN Cannot connect").isEmpty());
      TransportException failure =
          RabbitScene.failureOf(() -> transport.send(message("revoked", "while")));
      assertEquals(Verdict.NOT_STORED, failure.verdict(), told(failure));
      assertTrue(told(failure).contains("ACCESS_REFUSED"), told(failure));
      assertEquals(1, log.with("WARN Cannot connect").size(), "warnings within a minute");
      management.addUser("leaver", SECRET, ".*");
      RabbitScene.await(
          "the way back",
          () -> RabbitScene.isConfirmed(transport.send(message("revoked", "after"))));
    }
  }

  private static void sends(String address, Map<String, String> properties) {
    try (Transport transport = Transports.open(config(address, properties))) {
      transport.admin().ensure(new TopicSpec("secured", 1, List.of("g")));
      RabbitScene.result(transport.send(message("secured", "hello")));
    }
  }

  private static TransportException refused(String address, Map<String, String> properties) {
    return refusedAtOnce(config(address, properties));
  }

  private static TransportException refusedAtOnce(TransportConfig config) {
    long start = System.nanoTime();
    TransportException refused =
        assertThrows(TransportException.class, () -> Transports.open(config).close());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(Verdict.REFUSED, refused.verdict(), told(refused));
    assertTrue(took.compareTo(AT_ONCE) < 0, "took " + took);
    String all = Disclosure.of(refused);
    assertTrue(!all.contains(SECRET), "a password in the chain of exceptions");
    assertTrue(!all.contains(CERTIFICATES.password()), "a store's password there");
    assertTrue(!config.toString().contains(SECRET), "a password in " + config);
    return refused;
  }

  /** Trusts the authority by its PEM file unless told otherwise. */
  private static TransportConfig config(String address, Map<String, String> properties) {
    Map<String, String> all = new HashMap<>();
    all.put("ssl.trust.store", CERTIFICATES.authority().toString());
    all.put("ssl.trust.store.type", "PEM");
    all.putAll(properties);
    return TransportConfig.of(BrokerAddress.parse(address)).connectTimeout(CONNECT).properties(all);
  }

  private static Map<String, String> store(String what, String file, String type) {
    Map<String, String> store = new HashMap<>();
    store.put("ssl." + what + ".store", file);
    store.put("ssl." + what + ".store.type", type);
    store.put("ssl." + what + ".store.password", CERTIFICATES.password());
    return store;
  }

  private static String address(String user, String password) {
    return server.tlsAddress().replace("//", "//" + user + ":" + password + "@");
  }

  private static Outgoing message(String topic, String id) {
    return new Outgoing(id, topic, 0, "k", Map.of(), new byte[] {1});
  }

  private static String told(TransportException failure) {
    return String.valueOf(failure.getMessage());
  }
}
