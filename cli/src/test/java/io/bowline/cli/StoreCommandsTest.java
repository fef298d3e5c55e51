// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bowline.cli.Shell.Result;
import io.bowline.jdbc.JdbcGapStore;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.jdbc.JdbcSchema;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** On an H2 in memory. */
final class StoreCommandsTest {
  private final String address = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private final DataSource database =
      new UrlDatabase(address, Optional.empty(), Optional.empty(), Duration.ofSeconds(10));

  @Test
  void aToldGapIsAFinding() {
    JdbcSchema.of(database).create();
    Stores.miss(JdbcGapStore.in(database), "beans", "service", true);
    Result gaps = Shell.run("gaps", address, "beans", "service", "--chains");
    assertEquals(Exit.FINDINGS, gaps.status(), gaps.err());
    assertTrue(gaps.out().contains("17..19"), gaps.out());
    assertTrue(gaps.out().contains("user-7:4..5"), gaps.out());
    assertTrue(gaps.out().contains("1 gaps, 0 suspects, 1 chains in 1 lanes"), gaps.out());
    Result json = Shell.run("gaps", address, "beans", "service", "--json");
    JsonNode missing = json.json().get("missing").get(0);
    assertEquals("GAP", missing.get("state").asText());
    assertEquals(3, missing.get("count").asLong());
    assertEquals("1a2b", missing.get("epoch").asText());
    assertEquals(16, json.json().get("chains").get(0).get("watermark").asLong());
  }

  @Test
  void aSuspectIsNone() {
    JdbcSchema.of(database).create();
    Stores.miss(JdbcGapStore.in(database), "beans", "service", false);
    Result gaps = Shell.run("gaps", address, "beans", "service");
    assertEquals(Exit.FINE, gaps.status(), gaps.err());
    assertTrue(gaps.out().contains("SUSPECT"), gaps.out());
  }

  /** A misspelled name must not pass for a group that misses nothing. */
  @Test
  void aGroupOfWhichNothingIsKnownIsAFinding() {
    JdbcSchema.of(database).create();
    Result gaps = Shell.run("gaps", address, "beans", "srevice");
    assertEquals(Exit.FINDINGS, gaps.status(), gaps.err());
    assertFalse(Shell.run("gaps", address, "b", "s", "--json").json().get("fine").asBoolean());
  }

  @Test
  void whatIsParkedIsListedAndSentAgain() throws Exception {
    JdbcSchema.of(database).create();
    Stores.parkOne(JdbcOutbox.in(database, "trades"));
    Result list = Shell.run("outbox", "list", address, "trades", "--json");
    assertEquals(Exit.FINDINGS, list.status(), list.err());
    assertEquals(2, list.json().get("messages").asLong());
    JsonNode parked = list.json().get("keys").get(0);
    assertEquals("user-7", parked.get("key").asText());
    assertEquals("too large", parked.get("reason").asText());
    String token = parked.get("token").asText();
    Result retry = Shell.run("outbox", "retry", address, "trades", "--token", token);
    assertEquals(Exit.FINE, retry.status(), retry.err());
    assertEquals(Exit.FINE, Shell.run("outbox", "list", address, "trades").status());
    Result again = Shell.run("outbox", "retry", address, "trades", "--token", token, "--json");
    assertEquals(Exit.FINDINGS, again.status(), again.err());
    assertFalse(again.json().get("tokens").get(token).asBoolean());
  }

  /** A misspelled name must not pass for an outbox in which nothing waits. */
  @Test
  void anOutboxOfWhichNothingIsKnownIsAFinding() {
    JdbcSchema.of(database).create();
    Result list = Shell.run("outbox", "list", address, "tardes");
    assertEquals(Exit.FINDINGS, list.status(), list.err());
    assertTrue(list.out().contains("tardes"), list.out());
    Result json = Shell.run("outbox", "list", address, "tardes", "--json");
    assertFalse(json.json().get("known").asBoolean(), json.out());
    var unused = JdbcOutbox.in(database, "trades").beat("relay", Duration.ofMinutes(1));
    Result idle = Shell.run("outbox", "list", address, "trades", "--json");
    assertEquals(Exit.FINE, idle.status(), idle.err());
    assertTrue(idle.json().get("known").asBoolean(), idle.out());
  }

  @Test
  void aKeyIsParkedByHand() {
    JdbcSchema.of(database).create();
    String[] park = {"outbox", "park", address, "trades", "beans", "user-7", "--reason", "mended"};
    assertEquals(Exit.FINE, Shell.run(park).status());
    assertEquals(Exit.FINDINGS, Shell.run(park).status());
    Result list = Shell.run("outbox", "list", address, "trades", "--json");
    assertEquals("mended", list.json().get("keys").get(0).get("reason").asText());
  }

  @Test
  void allThatIsParkedIsSentAgain() throws Exception {
    JdbcSchema.of(database).create();
    Stores.parkOne(JdbcOutbox.in(database, "trades"));
    Result retry = Shell.run("outbox", "retry", address, "trades", "--all");
    assertEquals(Exit.FINE, retry.status(), retry.err());
    assertEquals(0, JdbcOutbox.in(database, "trades").pending().parked());
  }

  @Test
  void aMissingTableIsExplained() {
    Result missing = Shell.run("outbox", "list", address, "trades");
    assertEquals(Exit.FINDINGS, missing.status(), missing.err());
    assertTrue(missing.err().contains("bowline_outbox"), missing.err());
    assertFalse(missing.err().contains("\tat "), missing.err());
  }
}
