// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.StampCodec;
import io.bowline.outbox.OutboxRelay;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay sends again what an outbox in H2 kept, to a broker in memory. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class OutboxResendTest {
  private static final String TOPIC = "beans.deduct";

  private final InMemoryBroker broker = InMemoryBroker.named("resend-" + UUID.randomUUID());
  private final DataSource database = TestDatabases.h2();
  private final JdbcOutbox outbox =
      JdbcOutbox.in(database, "trades").keySequences("trades").keepSent(Duration.ofHours(1));
  private final Queue<String> applied = new ConcurrentLinkedQueue<>();
  private Bowline bowline;

  @BeforeEach
  void open() {
    JdbcSchema.of(database).create();
    bowline = Bowline.connect(broker.address());
    bowline.admin().ensure(new TopicSpec(TOPIC, 4, List.of("beans")));
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  private OutboxRelay relay() {
    return OutboxRelay.of(outbox, bowline.producer("trades")).start();
  }

  private void append(String... texts) throws Exception {
    for (String text : texts) {
      Message message = Message.to(TOPIC).key("k").id(text).text(text);
      var unused = outbox.inTransaction(connection -> outbox.append(connection, message));
    }
    awaitEmpty();
  }

  private void awaitEmpty() throws Exception {
    Patience.until("nothing waits", () -> outbox.pending().rows() == 0);
  }

  private List<String> stored() {
    return broker.stored(TOPIC).stream().map(OutboxResendTest::told).toList();
  }

  /** Its id and its number. */
  private static String told(Outgoing message) {
    String header = Objects.requireNonNull(message.headers().get(StampCodec.HEADER));
    var number = StampCodec.read(header).orElseThrow().keyNumber().orElseThrow();
    return new String(message.body(), UTF_8) + "=" + message.messageId() + ":" + number.sequence();
  }

  @Test
  void aNumberIsSentAgainByTheRelayThatSentLaterOnesAndTheNextGoOn() throws Exception {
    try (OutboxRelay relay = relay()) {
      append("a", "b", "c");
      var answer = outbox.sent().resend(TOPIC, new KeyNumbers("k", 1, 2));
      assertEquals(List.of("a", "b"), answer.resent());
      awaitEmpty();
      append("d");
      assertEquals(0, outbox.pending().parked());
      assertTrue(relay.lanes() > 0);
    }
    assertEquals(List.of("a=a:1", "b=b:2", "c=c:3", "a=a:1", "b=b:2", "d=d:4"), stored());
  }

  @Test
  void aRelayThatNeverSawTheKeySendsItAgainToo() throws Exception {
    try (OutboxRelay first = relay()) {
      append("a", "b");
      assertTrue(first.lanes() > 0);
    }
    var answer = outbox.sent().resend(List.of("a"));
    assertEquals(List.of("a"), answer.resent());
    try (OutboxRelay second = relay()) {
      awaitEmpty();
      append("c");
      assertTrue(second.lanes() > 0);
    }
    assertEquals(List.of("a=a:1", "b=b:2", "a=a:1", "c=c:3"), stored());
  }

  private void apply(Received message, Connection connection) {
    applied.add(message.text());
  }

  @Test
  void aConsumerWithAnInboxAppliesItOnce() throws Exception {
    try (JdbcInbox inbox = JdbcInbox.in(database, "beans").purgeByHand().open();
        var consumer = bowline.consumer(TOPIC, "beans").start(inbox.handler(this::apply));
        OutboxRelay relay = relay()) {
      append("a", "b");
      Patience.until("both are applied", () -> applied.size() == 2);
      var answer = outbox.sent().resend(TOPIC, new KeyNumbers("k", 1, 2));
      assertEquals(2, answer.resent().size());
      Patience.until("both came again", () -> inbox.duplicates() == 2);
      append("c");
      Patience.until("the next is applied", () -> applied.contains("c"));
      assertEquals(List.of("a", "b", "c"), List.copyOf(applied));
      assertEquals("beans", consumer.group());
      assertTrue(relay.lanes() > 0);
    }
  }
}
