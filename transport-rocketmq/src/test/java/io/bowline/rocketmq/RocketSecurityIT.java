// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static io.bowline.rocketmq.SecuredRocket.BOSS;
import static io.bowline.rocketmq.SecuredRocket.CERTIFICATES;
import static io.bowline.rocketmq.SecuredRocket.PASSWORD;
import static io.bowline.rocketmq.SecuredRocket.assertSays;
import static io.bowline.rocketmq.SecuredRocket.openAt;
import static io.bowline.rocketmq.SecuredRocket.refusal;
import static io.bowline.rocketmq.SecuredRocket.trusting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.Disclosure;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** On a RocketMQ that asks who calls and that shows a certificate. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RocketSecurityIT {
  @TempDir static Path shown;
  private static SecuredRocket secured;
  private static LocalRocket server;

  private final String topic = "secure." + UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    secured = new SecuredRocket(shown);
    server = secured.server();
  }

  @AfterAll
  static void stop() {
    secured.close();
  }

  private static Outgoing message(String topic, String text) {
    return new Outgoing(text, topic, 0, "k", Map.of(), text.getBytes(UTF_8));
  }

  @Test
  @Order(1)
  void whoIsKnownSendsAndReceivesByTls() {
    try (Transport transport = secured.open()) {
      transport.admin().ensure(TopicSpec.of(topic).groups("g"));
      transport.send(message(topic, "hello")).join();
      try (Subscription reader =
          transport.subscribe(new SubscriptionSpec(topic, "g", 10), Reading.ANY_LANE)) {
        List<Delivery> got = Reading.receive(reader, some -> !some.isEmpty());
        assertEquals("hello", Reading.text(got.get(0)));
      }
    }
  }

  @Test
  @Order(1)
  void authoritiesMayBeNamedAsPem() {
    Map<String, String> pem =
        Map.of(
            "ssl", "true",
            "ssl.trust.store", CERTIFICATES.authority().toString(),
            "ssl.trust.store.type", "PEM");
    secured.open(BOSS + ":" + PASSWORD + "@", pem).close();
  }

  @Test
  @Order(1)
  void wrongCredentialsAreRefusedAtOnce() {
    Map<String, String> tls = trusting(CERTIFICATES.trustStore());
    assertSays(
        secured.refusal(BOSS + ":wrong@", tls), "does not accept these credentials", "signature");
    assertSays(
        secured.refusal("nobody:wrong@", tls), "does not accept these credentials", "nobody");
    assertSays(secured.refusal("", tls), "does not accept these credentials");
    assertSays(secured.refusal("", Map.of("ssl", "false")), "does not accept these credentials");
  }

  @Test
  @Order(1)
  void aCertificateOfAStrangerIsRefusedAtOnce() {
    String credentials = BOSS + ":" + PASSWORD + "@";
    assertSays(
        secured.refusal(credentials, trusting(CERTIFICATES.otherTrustStore())),
        "not trusted",
        "ssl.trust.store");
    assertSays(
        secured.refusal(credentials, Map.of("ssl", "true")), "not trusted", "ssl.trust.store");
  }

  @Test
  @Order(1)
  void aCertificateForAnotherHostIsRefusedAtOnce() {
    String elsewhere = server.address().replace("//127.0.0.1", "//127.0.0.2");
    Map<String, String> tls = trusting(CERTIFICATES.trustStore());
    assertSays(
        refusal(elsewhere, BOSS + ":" + PASSWORD + "@", tls), "127.0.0.2", "not for this host");
  }

  @Test
  @Order(1)
  void aPortWithoutTlsIsRefusedAtOnce() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answerInTheClear(plain), "answering-in-the-clear");
      answering.setDaemon(true);
      answering.start();
      String at = "rocketmq://127.0.0.1:" + plain.getLocalPort();
      Map<String, String> tls = trusting(CERTIFICATES.trustStore());
      assertSays(refusal(at, BOSS + ":" + PASSWORD + "@", tls), "does not speak TLS", "ssl=false");
    }
  }

  private static void answerInTheClear(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // It ends with the test.
    }
  }

  @Test
  @Order(1)
  void anyCertificateIsAcceptedOnlyIfAskedFor() {
    Map<String, String> any = Map.of("ssl", "true", "ssl.verify", "false");
    secured.open(BOSS + ":" + PASSWORD + "@", any).close();
  }

  @Test
  @Order(1)
  void whoMayNotWriteIsRefusedAtTheSend() throws Exception {
    String other = topic + ".other";
    try (Transport boss = secured.open()) {
      boss.admin().ensure(TopicSpec.of(topic));
      boss.admin().ensure(TopicSpec.of(other));
    }
    String user = "writer" + UUID.randomUUID().toString().substring(0, 8);
    allow(user, RocketNames.topic(topic));
    String proxyOnly = server.address().substring(0, server.address().indexOf('?'));
    Map<String, String> tls = trusting(CERTIFICATES.trustStore());
    try (Transport writer = openAt(proxyOnly, user + ":" + PASSWORD + "@", tls)) {
      writer.send(message(topic, "allowed")).join();
      TransportException refused = failure(writer, other);
      assertEquals(Verdict.REFUSED, refused.verdict());
      assertSays(String.valueOf(refused.getMessage()), "permission", user);
    }
  }

  @Test
  @Order(1)
  void whoMayNotReadSettingsHasNoPass() throws Exception {
    try (Transport boss = secured.open()) {
      boss.admin().ensure(TopicSpec.of(topic));
      assertEquals(Durability.LOCAL_SYNC, boss.admin().audit(topic).durability());
    }
    String user = "writer" + UUID.randomUUID().toString().substring(0, 8);
    allow(user, RocketNames.topic(topic));
    Map<String, String> tls = trusting(CERTIFICATES.trustStore());
    try (Transport writer = openAt(server.address(), user + ":" + PASSWORD + "@", tls)) {
      TopicAudit audit = writer.admin().audit(topic);
      assertEquals(Durability.UNVERIFIED, audit.durability());
      assertEquals(audit.findings(), audit.findings(Status.UNVERIFIABLE));
      assertSays(audit.findings().get(0).toString(), "refuses to tell", "grant this user");
    }
  }

  private static TransportException failure(Transport transport, String topic) {
    CompletionException failed =
        assertThrows(
            CompletionException.class, () -> transport.send(message(topic, "text")).join());
    return assertInstanceOf(TransportException.class, failed.getCause());
  }

  private static void allow(String user, String topic) throws Exception {
    DefaultMQAdminExt tools =
        new DefaultMQAdminExt(new AclClientRPCHook(new SessionCredentials(BOSS, PASSWORD)));
    tools.setNamesrvAddr(BrokerAddress.parse(server.address()).query().get("namesrv"));
    tools.setInstanceName("security-it");
    tools.start();
    tools.createUser(server.broker(), user, PASSWORD, "Normal");
    tools.createAcl(
        server.broker(),
        "User:" + user,
        List.of("Topic:" + topic),
        List.of("Pub", "Sub"),
        List.of(),
        "Allow");
    Thread closing = new Thread(tools::shutdown, "closing-the-tools");
    closing.setDaemon(true);
    closing.start();
  }

  @Test
  @Order(1)
  void noSecretIsToldToAnybody() {
    List<ILoggingEvent> told = new ArrayList<>();
    ListAppender<ILoggingEvent> ear = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger("io.bowline");
    root.setLevel(Level.TRACE);
    root.addAppender(ear);
    ear.start();
    Map<String, String> options = new HashMap<>(trusting(CERTIFICATES.trustStore()));
    options.put("token", "Token5ecretIndeed");
    StringBuilder all = new StringBuilder();
    try {
      for (String password : List.of(PASSWORD, PASSWORD + "x")) {
        try (Transport transport = secured.open(BOSS + ":" + password + "@", options)) {
          all.append(transport).append(failure(transport, "nowhere"));
        } catch (TransportException e) {
          all.append(Disclosure.of(e));
        }
      }
    } finally {
      root.detachAppender(ear);
      root.setLevel(null);
      told.addAll(ear.list);
    }
    told.forEach(each -> all.append(each.getFormattedMessage()).append('\n'));
    assertSays(all.toString(), "Connected to", "check signature failed");
    for (String secret : List.of(PASSWORD, "Token5ecret", CERTIFICATES.password())) {
      assertFalse(all.toString().contains(secret), () -> "a secret is told in: " + all);
    }
  }

  /** At first the client knows only that nobody listened; it asks again within some seconds. */
  private void awaitDistrust(Transport transport) {
    long end = System.nanoTime() + Reading.PATIENCE.toNanos();
    TransportException failed = failure(transport, topic);
    while (!RocketVerdicts.provesNoTrust(failed) && System.nanoTime() - end < 0) {
      assertEquals(Verdict.NOT_STORED, failed.verdict(), failed.getMessage());
      failed = failure(transport, topic);
    }
    assertTrue(RocketVerdicts.provesNoTrust(failed), failed.getMessage());
    assertEquals(Verdict.NOT_STORED, failed.verdict(), failed.getMessage());
  }

  @Test
  @Order(2)
  void aProxyThatComesBackWithABadCertificateGetsNothing() throws Exception {
    try (Transport transport = secured.open()) {
      transport.admin().ensure(TopicSpec.of(topic));
      transport.send(message(topic, "before")).join();
      for (TestCertificates.Identity bad :
          List.of(CERTIFICATES.expired(), CERTIFICATES.untrusted())) {
        server.kill();
        secured.show(bad);
        server.start();
        awaitDistrust(transport);
        String said =
            secured.refusal(BOSS + ":" + PASSWORD + "@", trusting(CERTIFICATES.trustStore()));
        assertSays(said, bad.equals(CERTIFICATES.expired()) ? "expired" : "not trusted");
      }
    }
  }
}
