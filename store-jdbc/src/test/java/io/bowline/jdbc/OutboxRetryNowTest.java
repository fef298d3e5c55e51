// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.outbox.OutboxRelay;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay that would wait for an hour is told not to. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class OutboxRetryNowTest {
  private static final String TOPIC = "beans.deduct";

  private final InMemoryBroker broker = InMemoryBroker.named("retry-" + UUID.randomUUID());
  private final DataSource database = TestDatabases.h2();
  private final JdbcOutbox outbox = JdbcOutbox.in(database, "trades");
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

  @Test
  void whatFailedIsSentOnceItIsToldToAndTheOrderStays() throws Exception {
    Duration hour = Duration.ofHours(1);
    broker.failNext(3, Verdict.NOT_STORED);
    try (OutboxRelay relay =
        OutboxRelay.of(outbox, bowline.producer("trades")).backoff(hour, hour).start()) {
      for (int i = 0; i < 9; i++) {
        Message message = Message.to(TOPIC).key("k" + i % 3).id("m" + i).text("bean");
        var unused = outbox.inTransaction(connection -> outbox.append(connection, message));
      }
      Patience.until("all is sent", () -> allIsSent(relay));
      assertTrue(relay.close(Duration.ofMinutes(1)));
      relay.retryNow();
    }
    for (int key = 0; key < 3; key++) {
      String name = "k" + key;
      List<String> ids =
          broker.stored(TOPIC).stream()
              .filter(one -> name.equals(one.key()))
              .map(one -> one.messageId())
              .toList();
      assertEquals(List.of("m" + key, "m" + (key + 3), "m" + (key + 6)), ids);
    }
  }

  /** It may not have failed yet as it was told, so it is told again. */
  private boolean allIsSent(OutboxRelay relay) {
    relay.retryNow();
    return outbox.pending().rows() == 0;
  }

  @Test
  void aWaitIsAboveZero() {
    var builder = OutboxRelay.of(outbox, bowline.producer("trades"));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.backoff(Duration.ZERO, Duration.ofSeconds(1)));
    assertTrue(outbox.pending().rows() == 0);
  }
}
