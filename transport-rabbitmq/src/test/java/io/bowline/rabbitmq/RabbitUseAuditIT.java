// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.Bowline;
import io.bowline.audit.Audited;
import io.bowline.audit.Durability;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service makes of topics, held against a real broker. */
final class RabbitUseAuditIT {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final String address = Servers.rabbitmq().address();
  private final Bowline bowline = Bowline.connect(address);
  private final String topic = "used-" + UUID.randomUUID();
  private final Audited use = Audited.topic(topic).groups("billing").deadLetters(topic + "-dead");

  @AfterEach
  void close() {
    bowline.close();
  }

  /** The management API tells what was true a moment ago. */
  private TopicAudit auditOnce(Audited asked, Predicate<TopicAudit> told) {
    long end = System.nanoTime() + PATIENCE;
    TopicAudit audit = bowline.audit(List.of(asked)).topics().get(0);
    while (!told.test(audit)) {
      String last = audit.toString();
      assertTrue(System.nanoTime() - end < 0, () -> "still " + last);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      audit = bowline.audit(List.of(asked)).topics().get(0);
    }
    return audit;
  }

  private static boolean has(TopicAudit audit, String check, Status status) {
    return audit.finding(check).status() == status;
  }

  @Test
  void whatEnsureMadeIsThereAndAsSafe() {
    bowline
        .admin()
        .ensure(TopicSpec.of(topic).lanes(1).groups("billing").deadLetters(topic + "-dead"));
    TopicAudit audit = auditOnce(use, one -> has(one, "dead-letters", Status.PASS));
    assertEquals(Status.PASS, audit.finding("group").status());
    assertEquals(Status.PASS, audit.finding("group-settings").status());
    assertEquals(Status.PASS, audit.finding("backlog-age").status());
    TopicAudit other = auditOnce(use.groups("nobodys"), one -> has(one, "group", Status.FAIL));
    assertTrue(other.finding("group").read().contains("nobodys"), other::toString);
  }

  @Test
  void deadLettersInAClassicQueueAreFound() throws Exception {
    bowline.admin().ensure(TopicSpec.of(topic).lanes(1).groups("billing"));
    String dead = topic + "-dead";
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(address.replaceAll("[?].*", "").replace("rabbitmq://", "amqp://"));
    try (Connection plain = factory.newConnection();
        Channel channel = plain.createChannel()) {
      channel.exchangeDeclare(dead, BuiltinExchangeType.FANOUT, true);
      channel.queueDeclare(dead, true, false, false, Map.of("x-queue-type", "classic"));
      channel.queueBind(dead, dead, "");
    }
    TopicAudit audit = auditOnce(use, one -> has(one, "dead-letters", Status.FAIL));
    assertEquals(Durability.LOCAL_SYNC, audit.durability());
    String read = audit.finding("dead-letters").read();
    assertTrue(read.contains("queue-type") && read.contains("durability"), read);
  }
}
