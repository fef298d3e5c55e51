// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static io.bowline.jdbc.InboxVerdict.AGAIN;
import static io.bowline.jdbc.InboxVerdict.ATTEMPTS;
import static io.bowline.jdbc.InboxVerdict.POSTPONE;
import static io.bowline.jdbc.InboxVerdict.THROW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.jdbc.InboxVerdict.Stage;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class InboxVerdictTest {
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration LATE = InboxVerdict.AGAIN_WITHIN;

  private static InboxVerdict first(Stage stage, SqlFailure kind) {
    return InboxVerdict.of(stage, kind, 1, SOON);
  }

  @ParameterizedTest
  @EnumSource
  void withoutAConnectionTheMessageWaits(SqlFailure kind) {
    assertEquals(POSTPONE, first(Stage.CONNECT, kind));
  }

  /** No message fares better then, and none must die of it. */
  @ParameterizedTest
  @EnumSource
  void whatFailsBeforeTheHandlerIsNeverHeldAgainstTheMessage(SqlFailure kind) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      InboxVerdict verdict = InboxVerdict.of(Stage.BEFORE, kind, attempt, LATE);
      assertEquals(attempt == 1 && kind == SqlFailure.BROKEN ? AGAIN : POSTPONE, verdict);
    }
  }

  @ParameterizedTest
  @CsvSource({"BEFORE", "HANDLER", "COMMIT"})
  void whatLostIsDoneAgainABoundedNumberOfTimes(Stage stage) {
    InboxVerdict end = stage == Stage.BEFORE ? POSTPONE : THROW;
    assertEquals(AGAIN, InboxVerdict.of(stage, SqlFailure.LOST, ATTEMPTS - 1, SOON));
    assertEquals(end, InboxVerdict.of(stage, SqlFailure.LOST, ATTEMPTS, SOON));
    assertEquals(end, InboxVerdict.of(stage, SqlFailure.LOST, 2, LATE));
  }

  @ParameterizedTest
  @CsvSource({"BEFORE, POSTPONE", "HANDLER, THROW", "COMMIT, POSTPONE"})
  void afterABrokenConnectionItIsDoneOnceMoreHoweverLongThatTook(Stage stage, InboxVerdict end) {
    assertEquals(AGAIN, InboxVerdict.of(stage, SqlFailure.BROKEN, 1, Duration.ofHours(1)));
    assertEquals(AGAIN, InboxVerdict.of(stage, SqlFailure.BROKEN, ATTEMPTS - 1, SOON));
    assertEquals(end, InboxVerdict.of(stage, SqlFailure.BROKEN, 2, LATE));
    assertEquals(end, InboxVerdict.of(stage, SqlFailure.BROKEN, ATTEMPTS, SOON));
  }

  @Test
  void aDatabaseThatCannotWritePostpones() {
    assertEquals(POSTPONE, first(Stage.HANDLER, SqlFailure.UNABLE));
    assertEquals(POSTPONE, first(Stage.COMMIT, SqlFailure.UNABLE));
  }

  @Test
  void whatIsTheHandlersGoesOn() {
    assertEquals(THROW, first(Stage.HANDLER, SqlFailure.OTHER));
    assertEquals(THROW, first(Stage.COMMIT, SqlFailure.OTHER));
  }

  /** A deferred constraint, a transaction that had failed: not done, and the handler's doing. */
  @ParameterizedTest
  @CsvSource({"23503, OTHER", "25P02, OTHER", "40001, LOST", "53100, UNABLE", "08006, BROKEN"})
  void aCommitThatWasRefusedWasNotDone(String state, SqlFailure kind) {
    SQLException failure = new SQLException("a test", state);
    assertEquals(kind, InboxVerdict.ofCommit(Dialect.POSTGRESQL, failure));
  }

  @Test
  void anyOtherCommitMayHaveBeenDone() {
    for (String state : new String[] {"HY000", "57014", "XX000", ""}) {
      SQLException failure = new SQLException("a test", state);
      assertEquals(SqlFailure.BROKEN, InboxVerdict.ofCommit(Dialect.POSTGRESQL, failure));
    }
    assertEquals(
        SqlFailure.BROKEN,
        InboxVerdict.ofCommit(Dialect.H2, new SQLRecoverableException("a test")));
  }
}
