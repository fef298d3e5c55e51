// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OutboxBoundTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now = Long.MAX_VALUE - SECOND; // it wraps
  private long pending;
  private int counted;

  private long count(long most) throws SQLException {
    counted++;
    if (pending < 0) {
      throw new SQLException("away");
    }
    return Math.min(most, pending);
  }

  private OutboxBound bound(long most) {
    return new OutboxBound("o", most, true, () -> now);
  }

  private void append(OutboxBound bound, int messages) throws SQLException {
    bound.admit(this::count, messages);
    pending += messages;
  }

  @Test
  void itIsCountedAtFirstAndThenWhenAPartOfTheRoomMayBeFilled() throws SQLException {
    OutboxBound bound = bound(160_000);
    for (int i = 0; i < 10_001; i++) {
      append(bound, 1);
    }
    assertEquals(2, counted);
    append(bound, 9_000); // a sixteenth of what was left
    assertEquals(2, counted);
    append(bound, 1_000);
    assertEquals(3, counted);
  }

  @Test
  void itIsNotFilledMuchBeyondTheBound() {
    OutboxBound bound = bound(100_000);
    assertThrows(
        OutboxFull.class,
        () -> {
          while (pending < 200_000) {
            append(bound, 10);
          }
        });
    assertTrue(Math.abs(pending - 100_000) <= 1_000, () -> pending + " wait");
  }

  @Test
  void anOldCountIsMadeAnew() throws SQLException {
    OutboxBound bound = bound(10_000);
    append(bound, 1);
    now += 5 * SECOND - 1;
    append(bound, 1);
    assertEquals(1, counted);
    now += 1;
    append(bound, 1);
    assertEquals(2, counted);
  }

  @Test
  void whileItIsFullOneOfASecondCounts() throws SQLException {
    OutboxBound bound = bound(2);
    append(bound, 2);
    now += 5 * SECOND;
    for (int i = 0; i < 100; i++) {
      assertThrows(OutboxFull.class, () -> append(bound, 1));
    }
    assertEquals(2, counted);
    pending = 1;
    now += SECOND - 1;
    assertThrows(OutboxFull.class, () -> append(bound, 1));
    assertEquals(2, counted);
    now += 1;
    append(bound, 1);
    assertEquals(3, counted);
  }

  @Test
  void aCountThatFailsIsMadeAgainByTheNextButOneSecondLater() throws SQLException {
    OutboxBound bound = bound(10_000);
    pending = -1;
    assertThrows(SQLException.class, () -> append(bound, 1));
    pending = 0;
    now += SECOND;
    append(bound, 1);
    assertEquals(2, counted);
  }
}
