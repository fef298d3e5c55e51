// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.outbox.Parked;
import java.sql.Connection;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an outbox in H2 takes in, and how it lies there. */
@Timeout(60)
final class JdbcOutboxTest {
  private final DataSource database = TestDatabases.h2();
  private final JdbcOutbox outbox = JdbcOutbox.in(database, "trades");

  @BeforeEach
  void makeTables() {
    JdbcSchema.of(database).create();
  }

  private void append(JdbcOutbox to, Message... messages) throws Exception {
    var unused = to.inTransaction(connection -> to.append(connection, List.of(messages)));
  }

  private static Message message(String key, String text) {
    return Message.to("beans.deduct").key(key).text(text);
  }

  @Test
  void withoutATransactionItIsNotAppended() throws Exception {
    try (Connection connection = database.getConnection()) {
      String told =
          String.valueOf(
              assertThrows(
                      IllegalStateException.class,
                      () -> outbox.append(connection, message("k", "1")))
                  .getMessage());
      assertTrue(told.contains("setAutoCommit(false)"), told);
    }
    assertEquals(0, outbox.pending().rows());
  }

  @Test
  void aFullOutboxRefusesOrIsTold() throws Exception {
    JdbcOutbox strict = outbox.mostPending(2, true);
    append(strict, message("k", "1"), message("k", "2"));
    JdbcOutbox other = outbox.mostPending(2, true);
    assertThrows(OutboxFull.class, () -> append(other, message("k", "3")));
    assertEquals(2, outbox.pending().rows());
    append(outbox.mostPending(2, false), message("k", "3"));
    assertEquals(3, outbox.pending().rows());
    assertThrows(IllegalArgumentException.class, () -> outbox.mostPending(0, true));
  }

  @Test
  void aNameIsShortAndPlain() {
    assertThrows(IllegalArgumentException.class, () -> JdbcOutbox.in(database, ""));
    assertThrows(IllegalArgumentException.class, () -> JdbcOutbox.in(database, "a b"));
    assertThrows(IllegalArgumentException.class, () -> outbox.keySequences(" "));
  }

  /** Rows of yesterday are read tomorrow: who changes this writes how. */
  @Test
  void aMessageLiesInTheTableAsItAlwaysDid() {
    Message message = Message.to("t").id("i").key("k").header("h", "v").text("b");
    String golden =
        "01000000017400000001690100000001" + "6b0000000100000001" + "68000000017600000001" + "62";
    assertEquals(golden, HexFormat.of().formatHex(OutboxCodec.encode(message)));
    Message read = OutboxCodec.decode(HexFormat.of().parseHex(golden));
    assertEquals(message.toString(), read.toString());
    assertEquals(message.id(), read.id());
    assertEquals(message.headers(), read.headers());
    assertArrayEquals(message.body(), read.body());
  }

  @Test
  void whatIsOfALaterVersionOrCutShortIsNotGuessed() {
    byte[] bytes = OutboxCodec.encode(Message.to("t").id("i").text("body"));
    bytes[0] = 2;
    String told =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> OutboxCodec.decode(bytes))
                .getMessage());
    assertTrue(told.contains("update the relay"), told);
    byte[] cut = java.util.Arrays.copyOf(OutboxCodec.encode(Message.to("t").id("i")), 9);
    assertThrows(IllegalStateException.class, () -> OutboxCodec.decode(cut));
  }

  @Test
  void aKeyParkedByHandWaitsUntilItIsUnparked() throws Exception {
    append(outbox, message("k", "1"), message("other", "2"));
    OutboxKeys keys = OutboxKeys.in(database, "trades");
    assertTrue(keys.park("beans.deduct", "k", "its account is being mended"));
    assertFalse(keys.park("beans.deduct", "k", "twice"));
    append(outbox, message("k", "3"));
    assertEquals(List.of("2"), readable());
    Parked parked = outbox.parked(10).get(0);
    assertEquals("k", parked.key());
    assertEquals("", parked.messageId());
    assertTrue(outbox.unpark(parked.token()));
    assertEquals(List.of("1", "2", "3"), readable());
  }

  @Test
  void anOutboxIsKnownOnceItHeldAMessageOrARelay() throws Exception {
    assertFalse(OutboxKeys.in(database, "trades").known());
    append(outbox, message("k", "1"));
    assertTrue(OutboxKeys.in(database, "trades").known());
    assertFalse(OutboxKeys.in(database, "tardes").known());
    var unused = JdbcOutbox.in(database, "relayed").beat("relay", Duration.ofMinutes(1));
    assertTrue(OutboxKeys.in(database, "relayed").known());
  }

  @Test
  void whatHasNumbersIsNotUnparkedWithout() throws Exception {
    JdbcOutbox numbered = outbox.keySequences("trade-service");
    append(numbered, message("k", "1"));
    assertTrue(OutboxKeys.in(database, "trades").park("beans.deduct", "k", "mended"));
    assertEquals(List.of(), readable());
    String token = outbox.parked(10).get(0).token();
    assertThrows(IllegalStateException.class, () -> outbox.unpark(token));
    assertEquals(1, outbox.pending().parked());
    assertTrue(numbered.unpark(token));
    assertEquals(List.of("1"), readable());
  }

  /** What a relay that has all lanes is given. */
  private List<String> readable() {
    var unused = outbox.beat("relay", Duration.ofMinutes(1));
    var unused2 = outbox.take("relay", outbox.lanes(), Duration.ofMinutes(1));
    return outbox.beat("relay", Duration.ofMinutes(1)).mine().stream()
        .flatMap(lease -> outbox.read(lease, 10, 1_000).stream())
        .map(row -> new String(row.message().body(), UTF_8))
        .sorted()
        .toList();
  }
}
