// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.testkit.Disclosure;
import io.bowline.testkit.servers.LocalKafkaDoor;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.Receipt;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** Who may come in, what he is told if not, and that no secret is told to anybody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaSecurityIT {
  private static final String USER = "susan";
  private static final String TOPICS = "secured-";

  /** Long before this, on the busiest machine, who does not try again and again has said why. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.bowline");

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
  private final String topic = TOPICS + PlainKafka.name();
  private final SecuredKafka kafka = new SecuredKafka();

  @BeforeAll
  void grant() {
    kafka.user(USER, SecuredKafka.SECRET);
    for (String user :
        List.of(USER, LocalKafkaDoor.PLAIN_USER, "CN=" + TestCertificates.CLIENT_NAME)) {
      kafka.grant(user, TOPICS, AclOperation.ALL);
    }
    kafka.grant("ANONYMOUS", TOPICS, AclOperation.ALL);
    try (Transport transport =
        Transports.open(kafka.at(LocalKafkaDoor.TLS, SecuredKafka.trusting()))) {
      transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    }
  }

  @AfterAll
  void end() {
    kafka.close();
  }

  @BeforeEach
  void listen() {
    logged.start();
    OURS.setLevel(Level.DEBUG);
    OURS.addAppender(logged);
  }

  @AfterEach
  void noSecretWasTold() {
    OURS.detachAppender(logged);
    OURS.setLevel(null);
    StringBuilder all = new StringBuilder();
    thrown.forEach(each -> all.append(Disclosure.of(each)));
    for (ILoggingEvent event : logged.list) {
      all.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() instanceof ch.qos.logback.classic.spi.ThrowableProxy proxy) {
        all.append(Disclosure.of(proxy.getThrowable()));
      }
    }
    for (String secret : List.of(SecuredKafka.SECRET, TestCertificates.get().password(), "wr0ng")) {
      assertFalse(all.toString().contains(secret), () -> "a secret in: " + all);
    }
  }

  private void sends(TransportConfig config) {
    try (Transport transport = Transports.open(config)) {
      assertEquals(1, transport.lanes(topic));
      transport.send(PlainKafka.message(topic, 0, "key", "body")).join();
    }
  }

  private String refused(TransportConfig config) {
    long start = System.nanoTime();
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> Transports.open(config.connectTimeout(PATIENCE)).close());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    thrown.add(refused);
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    assertTrue(took.compareTo(PATIENCE.dividedBy(4)) < 0, "took " + took);
    return String.valueOf(refused.getMessage());
  }

  @Test
  void tlsByAGoodCertificate() {
    sends(kafka.at(LocalKafkaDoor.TLS, SecuredKafka.trusting()));
  }

  @Test
  void aClientWithItsCertificate() {
    sends(kafka.at(LocalKafkaDoor.MUTUAL_TLS, SecuredKafka.withCertificate()));
  }

  @Test
  void scramByProperties() {
    sends(kafka.at(LocalKafkaDoor.SASL_TLS, SecuredKafka.scram(USER, SecuredKafka.SECRET)));
    sends(kafka.at(LocalKafkaDoor.SASL_CLEAR, SecuredKafka.scram(USER, SecuredKafka.SECRET)));
  }

  @Test
  void scramAndPlainByTheAddress() {
    String encoded = "s3cret-%22quoted%22-Gr%C3%BC%C3%9Fe";
    Map<String, String> scram = new HashMap<>(SecuredKafka.trusting());
    scram.put("sasl.mechanism", "SCRAM-SHA-512");
    sends(kafka.at(USER + ":" + encoded + "@", LocalKafkaDoor.SASL_TLS, scram));
    Map<String, String> plain = new HashMap<>(SecuredKafka.trusting());
    plain.put("sasl.mechanism", "PLAIN");
    String login = LocalKafkaDoor.PLAIN_USER + ":" + LocalKafkaDoor.plainPassword() + "@";
    sends(kafka.at(login, LocalKafkaDoor.SASL_TLS, plain));
    sends(kafka.at(login, LocalKafkaDoor.SASL_CLEAR, plain));
  }

  @Test
  void aWrongPassword() {
    String why = refused(kafka.at(LocalKafkaDoor.SASL_TLS, SecuredKafka.scram(USER, "wr0ng")));
    assertTrue(why.contains("SaslAuthenticationException"), why);
    assertTrue(why.contains("Check user and password"), why);
    String plain =
        refused(
            kafka.at(
                LocalKafkaDoor.PLAIN_USER + ":wr0ng@",
                LocalKafkaDoor.SASL_CLEAR,
                Map.of("sasl.mechanism", "PLAIN")));
    assertTrue(plain.contains("SaslAuthenticationException"), plain);
  }

  @Test
  void anExpiredCertificate() {
    String why = refused(kafka.at(LocalKafkaDoor.EXPIRED, SecuredKafka.trusting()));
    assertTrue(why.contains("CertificateExpired"), why);
  }

  @Test
  void aCertificateThatNobodyTrusts() {
    String why = refused(kafka.at(LocalKafkaDoor.UNTRUSTED, SecuredKafka.trusting()));
    assertTrue(why.contains("certification path"), why);
    refused(kafka.at(LocalKafkaDoor.TLS, SecuredKafka.trustingOthers()));
  }

  @Test
  void aClientWithoutTheCertificateItNeeds() {
    refused(kafka.at(LocalKafkaDoor.MUTUAL_TLS, SecuredKafka.trusting()));
  }

  @Test
  void plainTalkAtATlsDoor() {
    for (String protocol : List.of("PLAINTEXT", "SASL_PLAINTEXT")) {
      Map<String, String> properties = new HashMap<>(SecuredKafka.scram(USER, SecuredKafka.SECRET));
      properties.put("security.protocol", protocol);
      String why = refused(kafka.at(LocalKafkaDoor.TLS, properties));
      assertTrue(why.contains("security.protocol"), why);
    }
  }

  @Test
  void tlsAtAPlainDoor() {
    Map<String, String> properties = new HashMap<>(SecuredKafka.trusting());
    properties.put("security.protocol", "SSL");
    String why = refused(kafka.at(LocalKafkaDoor.SASL_CLEAR, properties));
    assertTrue(why.contains("security.protocol"), why);
  }

  @Test
  void noLoginAtADoorThatAsksForOne() {
    String why =
        refused(kafka.at(LocalKafkaDoor.SASL_CLEAR, Map.of("security.protocol", "PLAINTEXT")));
    assertTrue(why.contains("security.protocol"), why);
  }

  @Test
  void aMissingRightIsRefusedAtOnceAndInNoLoop() {
    String reader = "rita";
    kafka.user(reader, SecuredKafka.SECRET);
    kafka.grant(reader, TOPICS, AclOperation.DESCRIBE);
    TransportConfig config =
        kafka.at(LocalKafkaDoor.SASL_TLS, SecuredKafka.scram(reader, SecuredKafka.SECRET));
    try (Transport transport = Transports.open(config)) {
      assertEquals(1, transport.lanes(topic));
      int refused = 0;
      for (int i = 0; refused < 3; i++) {
        TransportException failure =
            failure(transport.send(PlainKafka.message(topic, 0, "k", "b")));
        String why = String.valueOf(failure.getMessage());
        if (failure.verdict() == Verdict.UNKNOWN && i < 9) {
          // The answer came while the client took the message, and its exception proves nothing.
          assertTrue(why.contains("in an error state"), why);
        } else {
          assertEquals(Verdict.REFUSED, failure.verdict(), why);
          assertTrue(why.contains("right"), why);
          refused++;
        }
      }
      kafka.grant(reader, TOPICS, AclOperation.WRITE);
      PlainKafka.await(() -> isStored(transport));
    }
  }

  @Test
  void aMissingRightForOneTopicOfSeveral() {
    String other = "other-" + PlainKafka.name();
    kafka.grant(USER, "other-", AclOperation.DESCRIBE);
    kafka.grant("ANONYMOUS", "other-", AclOperation.ALL);
    try (Transport maker = Transports.open(kafka.at(LocalKafkaDoor.TLS, SecuredKafka.trusting()));
        Transport transport =
            Transports.open(
                kafka.at(LocalKafkaDoor.SASL_TLS, SecuredKafka.scram(USER, SecuredKafka.SECRET)))) {
      maker.admin().ensure(TopicSpec.of(other).lanes(1));
      assertEquals(1, transport.lanes(other));
      assertEquals(1, transport.lanes(topic));
      TransportException refused = failure(transport.send(PlainKafka.message(other, 0, "k", "b")));
      assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
      assertTrue(isStored(transport), "other topics go on");
    }
  }

  @Test
  void aLoginThatIsTakenAwayEndsInRefusalsAndComesBack() {
    String guest = "gerda";
    kafka.user(guest, SecuredKafka.SECRET);
    kafka.grant(guest, TOPICS, AclOperation.ALL);
    TransportConfig config =
        kafka.at(LocalKafkaDoor.SASL_TLS, SecuredKafka.scram(guest, SecuredKafka.SECRET));
    try (Transport transport = Transports.open(config)) {
      PlainKafka.await(() -> isStored(transport));
      kafka.remove(guest);
      kafka.server.kill();
      kafka.server.start();
      long start = System.nanoTime();
      PlainKafka.await(
          () -> {
            TransportException failure =
                failure(transport.send(PlainKafka.message(topic, 0, "k", "b")));
            return failure.verdict() == Verdict.REFUSED;
          });
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(25), "not told soon");
      kafka.user(guest, SecuredKafka.SECRET);
      PlainKafka.await(() -> isStored(transport));
    }
  }

  private boolean isStored(Transport transport) {
    CompletableFuture<Receipt> send = transport.send(PlainKafka.message(topic, 0, "k", "b"));
    return send.handle((receipt, failure) -> receipt != null).join();
  }

  private TransportException failure(CompletableFuture<Receipt> send) {
    CompletionException failed = assertThrows(CompletionException.class, send::join);
    TransportException failure = assertInstanceOf(TransportException.class, failed.getCause());
    thrown.add(failure);
    return failure;
  }
}
