// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.OutboxStore;
import io.bowline.testkit.OutboxStoreConformance;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Outboxes in databases, with numbers of keys. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcOutboxIT extends OutboxStoreConformance {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final DataSource database;
  private final String own = "outbox-" + UUID.randomUUID();

  JdbcOutboxIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected JdbcOutbox open(String name) {
    return JdbcOutbox.in(database, name).keySequences(name);
  }

  @Override
  protected void append(String name, List<Message> messages) {
    try {
      var unused = open(name).inTransaction(connection -> open(name).append(connection, messages));
    } catch (Exception failure) {
      throw new AssertionError("Appending to " + name, failure);
    }
  }

  private static Message message(String key, String id) {
    return Message.to("beans").key(key).id(id).text(id);
  }

  private Connection begun() throws Exception {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static List<String> waiting(OutboxStore store, List<LaneLease> leases) {
    List<OutboxRow> rows = new ArrayList<>();
    leases.forEach(lease -> rows.addAll(store.read(lease, 10_000, Long.MAX_VALUE)));
    return rows.stream().map(row -> row.message().id().orElseThrow()).sorted().toList();
  }

  private static List<LaneLease> takeAll(OutboxStore store) {
    String relay = UUID.randomUUID().toString();
    var unused = store.beat(relay, LONG);
    return store.take(relay, store.lanes(), LONG);
  }

  @Test
  void whatIsCommittedLateIsReadThoughLaterIdsAreGone() throws Exception {
    JdbcOutbox outbox = JdbcOutbox.in(database, own);
    List<LaneLease> leases = takeAll(outbox);
    try (Connection slow = begun();
        Connection quick = begun()) {
      String unused = outbox.append(slow, message("k", "first"));
      String unused2 = outbox.append(quick, message("k", "second"));
      quick.commit();
      assertEquals(List.of("second"), waiting(outbox, leases));
      for (LaneLease lease : leases) {
        List<Long> ids = outbox.read(lease, 9, 9).stream().map(OutboxRow::id).toList();
        assertTrue(outbox.finish(lease, ids));
      }
      slow.commit();
      assertEquals(List.of("first"), waiting(outbox, leases));
    }
  }

  @Test
  void whatIsRolledBackIsNeverThere() throws Exception {
    JdbcOutbox outbox = open(own);
    List<LaneLease> leases = takeAll(outbox);
    try (Connection connection = begun()) {
      String unused = outbox.append(connection, message("k", "1"));
      assertEquals(List.of(), waiting(outbox, leases));
      connection.rollback();
    }
    assertEquals(List.of(), waiting(outbox, leases));
    append(own, List.of(message("k", "2")));
    LaneLease lane =
        leases.stream().filter(one -> !outbox.read(one, 9, 9).isEmpty()).findFirst().orElseThrow();
    assertEquals(1, outbox.read(lane, 9, 9).get(0).number(), "no number was spent");
  }

  /** With numbers: the second one waits for the first, so that ids are in the order of commits. */
  @Test
  void ofOneKeyTransactionsFollowEachOther() throws Exception {
    JdbcOutbox outbox = open(own);
    List<LaneLease> leases = takeAll(outbox);
    try (Connection slow = begun();
        Connection quick = begun()) {
      String unused = outbox.append(slow, message("k", "1"));
      CompletableFuture<Boolean> second =
          CompletableFuture.supplyAsync(() -> appended(outbox, quick, message("k", "2")));
      String unused2 = outbox.append(slow, message("k", "1b"));
      assertEquals(List.of(), waiting(outbox, leases));
      slow.commit();
      assertTrue(second.get(1, TimeUnit.MINUTES));
    }
    LaneLease lane =
        leases.stream().filter(one -> !outbox.read(one, 9, 9).isEmpty()).findFirst().orElseThrow();
    List<OutboxRow> rows = outbox.read(lane, 9, 99);
    assertEquals(List.of(1L, 2L, 3L), rows.stream().map(OutboxRow::number).toList());
    assertEquals("2", rows.get(2).message().id().orElseThrow());
  }

  private static boolean appended(JdbcOutbox outbox, Connection connection, Message message) {
    try {
      String unused = outbox.append(connection, message);
      connection.commit();
      return true;
    } catch (Exception failure) {
      throw new AssertionError("Appending", failure);
    }
  }
}
