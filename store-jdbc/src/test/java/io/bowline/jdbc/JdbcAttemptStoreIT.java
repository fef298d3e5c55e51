// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import io.bowline.testkit.AttemptStoreConformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts that are counted in a database. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcAttemptStoreIT extends AttemptStoreConformance {
  private final DataSource database;

  JdbcAttemptStoreIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
  }

  @Override
  protected AttemptStore open() {
    return JdbcAttemptStore.in(database);
  }

  @Test
  void countsThatNobodyTouchedAreDroppedInBatches() {
    String topic = "topic-" + UUID.randomUUID();
    JdbcAttemptStore store = JdbcAttemptStore.in(database);
    var unused = store.drop(Duration.ofMinutes(-1)); // all there is
    List<AttemptKey> messages = new ArrayList<>();
    for (int i = 0; i < JdbcAttemptStore.DROPPED_AT_ONCE + 5; i++) {
      messages.add(new AttemptKey(topic, "billing", "m" + i));
    }
    var first = store.begin(messages);
    assertEquals(messages.size(), first.size());
    assertEquals(0, store.drop(Duration.ofHours(1)), "they were touched a moment ago");
    assertEquals(messages.size(), store.drop(Duration.ofMinutes(-1)));
    assertEquals(List.of(1), store.begin(messages.subList(0, 1)));
  }
}
