// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.DedupeStore.Answer;
import io.bowline.testkit.DedupeStoreConformance;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What took effect, remembered in a database. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcDedupeStoreIT extends DedupeStoreConformance {
  private final DataSource database;
  private final String topic = "topic-" + UUID.randomUUID();

  JdbcDedupeStoreIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected DedupeStore open(Duration lease) {
    return JdbcDedupeStore.in(database).lease(lease);
  }

  private DedupeKey message(int number) {
    return new DedupeKey(topic, "billing", "m" + number);
  }

  @Test
  void whatIsOlderThanItRemembersIsDroppedInBatches() {
    JdbcDedupeStore store = JdbcDedupeStore.in(database);
    var before = store.drop(Duration.ofMinutes(-20)); // all there is
    assertTrue(before >= 0);
    int messages = JdbcDedupeStore.DROPPED_AT_ONCE + 5;
    for (int i = 0; i < messages; i++) {
      Answer.Mine mine = assertInstanceOf(Answer.Mine.class, store.claim(message(i)));
      assertTrue(i % 2 == 0 || store.done(mine.claim()));
    }
    assertEquals(0, store.drop(), "they were claimed a moment ago");
    assertInstanceOf(Answer.Done.class, store.claim(message(1)));
    assertEquals(messages, store.drop(Duration.ofMinutes(-20)));
    assertInstanceOf(Answer.Mine.class, store.claim(message(1)));
  }

  @Test
  void aTimeThatIsTooShortIsRefused() {
    JdbcDedupeStore store = JdbcDedupeStore.in(database);
    assertThrows(IllegalArgumentException.class, () -> store.lease(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> store.remembers(Duration.ofNanos(7)));
    assertEquals(Duration.ofDays(2), store.remembers(Duration.ofDays(2)).remembers());
  }
}
