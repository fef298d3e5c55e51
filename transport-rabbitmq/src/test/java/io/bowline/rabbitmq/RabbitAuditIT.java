// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.Bowline;
import io.bowline.audit.AuditMode;
import io.bowline.audit.AuditRefused;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.LocalRabbit;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each finding: a real queue that yields it, and one that does not; on one node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RabbitAuditIT {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final LocalRabbit server = LocalRabbit.startNewest();
  private final RabbitManagement management = new RabbitManagement(server.management().toString());
  private final Bowline bowline = Bowline.connect(server.address());
  private final Connection plain;
  private final String topic = name();

  RabbitAuditIT() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(withoutManagement().replace("rabbitmq://", "amqp://"));
    plain = factory.newConnection();
    bowline.admin().ensure(TopicSpec.of(topic).lanes(2).groups("billing", "audit"));
  }

  private String withoutManagement() {
    return server.address().replaceAll("[?].*", "");
  }

  private static String name() {
    return "audited-" + UUID.randomUUID();
  }

  @AfterAll
  void end() throws Exception {
    bowline.close();
    plain.close();
    server.close();
  }

  private TopicAudit audit(String name) {
    return bowline.audit(name).topics().get(0);
  }

  private static Status status(TopicAudit audit, String check) {
    Finding finding = audit.finding(check);
    assertEquals(finding.status() == Status.PASS, finding.remedy().isEmpty(), finding::toString);
    return finding.status();
  }

  /** The management API tells what was true a moment ago. */
  private TopicAudit auditOnce(String name, Predicate<TopicAudit> told) {
    long end = System.nanoTime() + PATIENCE;
    TopicAudit audit = audit(name);
    while (!told.test(audit)) {
      String last = audit.toString();
      assertTrue(System.nanoTime() - end < 0, () -> "still " + last);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      audit = audit(name);
    }
    return audit;
  }

  private static boolean has(TopicAudit audit, String check, Status status) {
    return audit.finding(check).status() == status;
  }

  /** What failed, but for what is the server's own. */
  private static List<Finding> failedButVersion(TopicAudit audit) {
    return audit.findings(Status.FAIL).stream()
        .filter(one -> !one.check().name().equals("version"))
        .toList();
  }

  /** An exchange and a queue that somebody else made. */
  private String queue(boolean durable, Map<String, Object> arguments) throws Exception {
    String name = name();
    try (Channel channel = plain.createChannel()) {
      channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true);
      channel.queueDeclare(name, durable, false, false, arguments);
      channel.queueBind(name, name, "");
    }
    return name;
  }

  @Test
  void whatEnsureMadeLacksMembersOnOneNodeAndNothingElse() {
    TopicAudit audit =
        auditOnce(
            topic, one -> has(one, "groups", Status.PASS) && has(one, "queue-type", Status.PASS));
    assertEquals(Durability.LOCAL_SYNC, audit.durability());
    for (String check :
        List.of(
            "durable",
            "overflow",
            "message-ttl",
            "expires",
            "delivery-limit",
            "dead-letter-strategy",
            "members-online",
            "alternate-exchange",
            "partition-handling",
            "alarms")) {
      assertEquals(Status.PASS, status(audit, check), audit::toString);
    }
    assertEquals(List.of(audit.finding("members")), failedButVersion(audit));
    assertEquals(List.of(audit.finding("consumer-timeout")), audit.findings(Status.UNVERIFIABLE));
    assertTrue(audit.finding("consumer-timeout").isFine());
  }

  @ParameterizedTest
  @CsvSource({
    "x-max-length, 10, overflow",
    "x-max-length-bytes, 1000, overflow",
    "x-message-ttl, 1000, message-ttl",
    "x-expires, 3600000, expires",
    "x-delivery-limit, 5, delivery-limit"
  })
  void anArgumentThatLosesMessagesIsFound(String argument, long value, String check)
      throws Exception {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("x-queue-type", "quorum");
    arguments.put("x-delivery-limit", GroupQueues.DELIVERY_LIMIT);
    arguments.put(argument, value);
    TopicAudit audit = auditOnce(queue(true, arguments), one -> has(one, "groups", Status.PASS));
    assertEquals(Status.FAIL, status(audit, check), audit::toString);
    assertEquals(2, failedButVersion(audit).size(), audit::toString);
  }

  @Test
  void aClassicQueueAndOneThatIsNotDurableAreFound() throws Exception {
    TopicAudit audit =
        auditOnce(
            queue(false, Map.of("x-queue-type", "classic", "x-expires", 600_000)),
            one -> has(one, "groups", Status.PASS));
    assertEquals(Status.FAIL, status(audit, "queue-type"));
    assertEquals(Status.FAIL, status(audit, "durable"));
    assertEquals(Durability.LOCAL, audit.durability());
  }

  @Test
  void aQueueThatIsOtherwiseIsToldWithBothSidesAndLeft() throws Exception {
    String name = name();
    bowline.admin().ensure(TopicSpec.of(name).lanes(1));
    String queue = RabbitNames.queue(name, "billing", 0);
    try (Channel channel = plain.createChannel()) {
      channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "classic"));
      Provisioning found = bowline.admin().ensure(TopicSpec.of(name).lanes(1).groups("billing"));
      Part part = found.parts(Part.State.DIFFERENT).get(0);
      assertEquals("queue " + queue, part.what());
      assertTrue(part.wanted().contains("x-queue-type=quorum"), part::toString);
      assertTrue(part.found().contains("inequivalent arg"), part::toString);
      channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "classic"));
    }
  }

  @Test
  void theTopicsThatBowlineMadeAreListed() throws Exception {
    String somebodys = queue(true, Map.of("x-queue-type", "quorum"));
    List<String> topics = bowline.admin().topics();
    assertTrue(topics.contains(topic), topics::toString);
    assertFalse(topics.contains(somebodys), topics::toString);
    try (Bowline without = Bowline.connect(withoutManagement())) {
      TransportException refused =
          assertThrows(TransportException.class, () -> without.admin().topics());
      assertEquals(Verdict.REFUSED, refused.verdict());
      assertTrue(String.valueOf(refused.getMessage()).contains("management="));
    }
  }

  @Test
  void aPolicyIsLookedAtToo() throws Exception {
    String name =
        queue(
            true, Map.of("x-queue-type", "quorum", "x-delivery-limit", GroupQueues.DELIVERY_LIMIT));
    management.policy(
        name, "^" + name, "{\"max-length\":100,\"dead-letter-exchange\":\"elsewhere\"}");
    TopicAudit audit = auditOnce(name, one -> has(one, "overflow", Status.FAIL));
    assertEquals(Status.FAIL, status(audit, "dead-letter-strategy"));
    management.policy(
        name,
        "^" + name,
        "{\"max-length\":100,\"overflow\":\"reject-publish\",\"dead-letter-exchange\":\"elsewhere\","
            + "\"dead-letter-strategy\":\"at-least-once\"}");
    audit = auditOnce(name, one -> has(one, "overflow", Status.PASS));
    assertEquals(Status.PASS, status(audit, "dead-letter-strategy"));
  }

  @Test
  void aShortTimeoutOfConsumersIsFound() throws Exception {
    String name = queue(true, Map.of("x-queue-type", "quorum", "x-consumer-timeout", 60_000));
    TopicAudit audit = auditOnce(name, one -> has(one, "consumer-timeout", Status.FAIL));
    assertTrue(audit.finding("consumer-timeout").read().endsWith(name), audit::toString);
    String patient = queue(true, Map.of("x-queue-type", "quorum", "x-consumer-timeout", 600_000));
    auditOnce(patient, one -> has(one, "consumer-timeout", Status.PASS));
  }

  @Test
  void anAlternateExchangeIsFoundAsArgumentAndAsPolicy() throws Exception {
    String name = name();
    try (Channel channel = plain.createChannel()) {
      Map<String, Object> elsewhere = Map.of("alternate-exchange", "elsewhere");
      channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true, false, elsewhere);
    }
    assertEquals(Status.FAIL, status(audit(name), "alternate-exchange"));
    String policed = queue(true, Map.of("x-queue-type", "quorum"));
    assertEquals(Status.PASS, status(audit(policed), "alternate-exchange"));
    management.policy(
        policed, "^" + policed, "exchanges", "{\"alternate-exchange\":\"elsewhere\"}");
    assertEquals(Status.FAIL, status(audit(policed), "alternate-exchange"));
  }

  @Test
  void aVersionIsToldAndOneWithAKnownBugIsFound() {
    Finding version = audit(topic).finding("version");
    String number = server.origin().replaceFirst(".* ", "");
    assertEquals("RabbitMQ " + number, version.read());
    boolean known = KnownBug.Version.parse(number).flatMap(KnownBug::of).isPresent();
    assertEquals(known ? Status.FAIL : Status.PASS, version.status());
  }

  @Test
  void aTopicOfNoGroupIsFound() {
    String nobodys = name();
    bowline.admin().ensure(TopicSpec.of(nobodys).lanes(1));
    TopicAudit audit = audit(nobodys);
    assertEquals(Status.FAIL, status(audit, "groups"));
    assertEquals(Durability.UNVERIFIED, audit.durability());
  }

  @Test
  void withoutTheManagementApiNothingIsVerified() {
    try (Bowline alone = Bowline.connect(withoutManagement())) {
      TopicAudit audit = alone.audit(topic).topics().get(0);
      assertEquals(audit.findings().size(), audit.findings(Status.UNVERIFIABLE).size());
      assertEquals(Durability.UNVERIFIED, audit.durability());
      assertFalse(audit.isFine());
      assertTrue(audit.finding("queue-type").remedy().contains("?management="));
    }
    assertThrows(
        AuditRefused.class,
        () -> Bowline.at(withoutManagement()).audit(AuditMode.ENFORCE, topic).connect());
  }

  @Test
  void whoMayNotAskIsNoPass() {
    management.addUser("mute", "mute", ".*");
    String address = server.address().replace("guest:guest", "mute:mute");
    try (Bowline mute = Bowline.connect(address)) {
      TopicAudit audit = mute.audit(topic).topics().get(0);
      assertEquals(Status.UNVERIFIABLE, status(audit, "queue-type"));
      assertTrue(audit.finding("queue-type").remedy().contains("monitoring"), audit::toString);
      assertFalse(audit.toString().contains("mute:mute"));
    }
    String nowhere = withoutManagement() + "?management=http://127.0.0.1:1";
    try (Bowline lost = Bowline.connect(nowhere)) {
      assertEquals(Status.UNVERIFIABLE, status(lost.audit(topic).topics().get(0), "queue-type"));
    }
  }

  @Test
  void aTopicThatIsNotThereIsRefused() {
    TransportException refused =
        assertThrows(TransportException.class, () -> bowline.audit(name()));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }
}
