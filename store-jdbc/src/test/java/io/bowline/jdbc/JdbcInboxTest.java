// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.BatchHandler;
import io.bowline.consumer.Handler;
import io.bowline.consumer.Postponed;
import io.bowline.dedupe.Remembers;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An inbox in H2, beyond what {@code InboxConformance} asks. */
@Timeout(60)
final class JdbcInboxTest {
  private InboxStage stage;
  private JdbcInbox inbox;

  @BeforeEach
  void open() throws SQLException {
    stage = new InboxStage(TestDatabases.h2());
    inbox = JdbcInbox.in(stage.database, "billing").open();
  }

  @AfterEach
  void close() {
    inbox.close();
  }

  private List<Received> messages(String... ids) {
    List<Received> all = new ArrayList<>();
    for (String id : ids) {
      all.add(stage.message(id));
    }
    return all;
  }

  @Test
  void aBatchIsOneTransactionOfWhatWasNotDoneBefore() throws Exception {
    List<List<String>> seen = new ArrayList<>();
    BatchHandler handler =
        inbox.batchHandler(
            (messages, connection) -> {
              seen.add(messages.stream().map(Received::id).toList());
              for (Received message : messages) {
                stage.deduct(message, connection);
              }
            });
    handler.handle(messages("b", "a"));
    handler.handle(messages("c", "b", "d", "a"));
    handler.handle(messages("c", "d"));
    assertEquals(List.of(List.of("b", "a"), List.of("c", "d")), seen);
    assertEquals(4, stage.paid("user-7"));
    assertEquals(4, inbox.duplicates());
  }

  @Test
  void aMessageThatIsTwiceInABatchIsHandledOnce() throws Exception {
    List<String> seen = new ArrayList<>();
    inbox
        .batchHandler((messages, connection) -> messages.forEach(one -> seen.add(one.id())))
        .handle(messages("a", "b", "a"));
    assertEquals(List.of("a", "b"), seen);
  }

  @Test
  void aBatchThatFailsLeavesNothing() throws Exception {
    BatchHandler handler =
        inbox.batchHandler(
            (messages, connection) -> {
              for (Received message : messages) {
                stage.deduct(message, connection);
              }
              throw new IllegalStateException("a test");
            });
    assertThrows(IllegalStateException.class, () -> handler.handle(messages("a", "b")));
    assertEquals(0, stage.paid("user-7"));
    assertEquals(0, stage.remembered());
  }

  @Test
  void aMissingTablePostponesAndSaysWhatToRun() throws SQLException {
    stage.sql("drop table bowline_inbox");
    Postponed told = assertThrows(Postponed.class, () -> deducting().handle(stage.message("m")));
    String said = String.valueOf(told.getMessage());
    assertTrue(said.contains("bowline/schema-h2.sql"), said);
  }

  private Handler deducting() {
    return inbox.handler(stage::deduct);
  }

  @Test
  void withoutAConnectionTheMessageIsPostponedAndTheHandlerNotCalled() {
    AtomicInteger calls = new AtomicInteger();
    try (JdbcInbox away =
        JdbcInbox.in(new UrlDataSource("jdbc:h2:tcp://127.0.0.1:1/x;PASSWORD=secret"), "g")
            .open()) {
      Handler handler = away.handler((message, connection) -> calls.incrementAndGet());
      Postponed told = assertThrows(Postponed.class, () -> handler.handle(stage.message("m")));
      assertInstanceOf(SQLException.class, told.getCause());
      assertEquals(0, calls.get());
      String said = String.valueOf(told.getMessage());
      assertTrue(said.startsWith("The inbox in table bowline_inbox at the database"), said);
    }
  }

  /** A careless handler goes on after what rolled its transaction back. */
  @Test
  void whatTheServerRolledBackIsNotCommittedInPart() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Handler handler =
        inbox.handler(
            (message, connection) -> {
              stage.deduct(message, connection);
              if (calls.incrementAndGet() == 1) {
                lose(connection);
              }
              stage.pay("user-8", connection);
            });
    handler.handle(stage.message("m"));
    assertEquals(2, calls.get(), "it was done again from the start");
    assertEquals(1, stage.effects("m"));
    assertEquals(1, stage.paid("user-8"));
  }

  /** Waits for a row that another connection holds, until the database ends the wait. */
  private void lose(Connection connection) throws SQLException {
    try (Connection other = stage.database.getConnection()) {
      other.setAutoCommit(false);
      stage.pay("user-8", other);
      try {
        stage.pay("user-8", connection);
      } catch (SQLException ignored) {
        assertEquals(SqlFailure.LOST, SqlFailure.of(Dialect.H2, ignored));
      }
      other.rollback();
    }
  }

  @Test
  void aHandlerMayGoBackToASavepointOfItsOwn() throws Exception {
    inbox
        .handler(
            (message, connection) -> {
              stage.pay("user-8", connection);
              Savepoint before = connection.setSavepoint();
              stage.deduct(message, connection);
              connection.rollback(before);
            })
        .handle(stage.message("m"));
    assertEquals(0, stage.effects("m"));
    assertEquals(1, stage.paid("user-8"));
    assertEquals(1, stage.remembered());
  }

  @Test
  void aPurgeDeletesWhatIsOlderThanItRemembersOfItsGroupAlone() throws Exception {
    JdbcInbox shipping = JdbcInbox.in(stage.database, "shipping").purgeByHand().open();
    int old = InboxPurge.ROWS_AT_ONCE + 5;
    BatchHandler many = inbox.batchHandler((messages, connection) -> {});
    many.handle(messages(ids(old)));
    shipping.handler((message, connection) -> {}).handle(stage.message("m"));
    age(15 * 24 + 1);
    deducting().handle(stage.message("new"));
    assertEquals(0, shipping.purge());
    assertEquals(old, inbox.purge());
    assertEquals(2, stage.remembered());
    assertEquals(0, inbox.purge());
  }

  /** Of group billing. */
  private void age(int hours) throws SQLException {
    stage.sql(
        "update bowline_inbox set done_at = done_at - "
            + (hours * 3_600_000L + 1)
            + " where group_name = 'billing'");
  }

  private static String[] ids(int count) {
    String[] ids = new String[count];
    for (int i = 0; i < count; i++) {
      ids[i] = "m" + i;
    }
    return ids;
  }

  @Test
  void whatIsYoungerIsKept() throws Exception {
    deducting().handle(stage.message("m"));
    age(15 * 24);
    assertEquals(0, inbox.purge());
    deducting().handle(stage.message("m"));
    assertEquals(1, stage.effects("m"));
  }

  /** So no watermark of one producer's numbers could answer for it. */
  @Test
  void aCopyByAnotherProducerOrUnderAnotherNumberIsTheSameMessage() throws Exception {
    deducting().handle(numbered("trade", 1, 7));
    deducting().handle(numbered("trade", 1, 9));
    deducting().handle(numbered("trade", 2, 1));
    deducting().handle(numbered("billing.replay", 3, 1));
    assertEquals(1, stage.effects("m"));
    assertEquals(1, stage.remembered());
    assertEquals(3, inbox.duplicates());
  }

  private Received numbered(String source, long epoch, long sequence) {
    LaneNumber lane = new LaneNumber(0, sequence, 0, List.of(), 1, LaneNumber.NOT_KNOWN);
    Stamp stamp = new Stamp("m", source, epoch, null, lane, Stamp.NO_DIGEST);
    Origin origin = new Origin(stage.topic, 0, "0", stage.topic + "/0/0");
    Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
    return Received.of(origin, "user-7", headers, new byte[0]);
  }

  @Test
  void itPurgesInTheBackgroundUntilItIsClosed() throws Exception {
    deducting().handle(stage.message("m"));
    String thread = "bowline-inbox-purge-of-a-test";
    JdbcInbox purging =
        JdbcInbox.in(stage.database, "of-a-test").purgeEvery(Duration.ofMillis(5)).open();
    assertTrue(threads().contains(thread), () -> threads().toString());
    purging.handler((message, connection) -> {}).handle(stage.message("m"));
    stage.sql("update bowline_inbox set done_at = 0 where group_name = 'of-a-test'");
    Patience.until("the row is purged", () -> stage.remembered() == 1);
    purging.close();
    Patience.until("the thread has ended", () -> !threads().contains(thread));
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void aConsumerIsToldHowLongItRemembers() {
    JdbcInbox week =
        JdbcInbox.in(stage.database, "g").remembers(Duration.ofDays(7)).purgeByHand().open();
    for (Object handler : List.of(week.handler((m, c) -> {}), week.batchHandler((m, c) -> {}))) {
      Remembers memory = assertInstanceOf(Remembers.class, handler);
      assertEquals(Duration.ofDays(7), memory.remembers());
      assertEquals("The inbox in table bowline_inbox", memory.memory());
    }
  }

  @Test
  void whatIsNoSettingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> JdbcInbox.in(stage.database, " "));
    JdbcInboxBuilder builder = JdbcInbox.in(stage.database, "g");
    for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThrows(IllegalArgumentException.class, () -> builder.remembers(none));
      assertThrows(IllegalArgumentException.class, () -> builder.timeout(none));
      assertThrows(IllegalArgumentException.class, () -> builder.purgeEvery(none));
    }
    assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ofDays(2)));
  }
}
