// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SqlFailureTest {

  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, 40001, 0, LOST",
    "POSTGRESQL, 40P01, 0, LOST",
    "MYSQL, 40001, 1213, LOST",
    "MYSQL, HY000, 1205, LOST",
    "H2, 40001, 40001, LOST",
    "H2, HYT00, 50200, LOST",
    "POSTGRESQL, 08006, 0, BROKEN",
    "POSTGRESQL, 57P01, 0, BROKEN",
    "MYSQL, 08S01, 0, BROKEN",
    "MYSQL, 70100, 1927, BROKEN",
    "H2, 90121, 90121, BROKEN",
    "POSTGRESQL, 53100, 0, UNABLE",
    "POSTGRESQL, 53300, 0, UNABLE",
    "POSTGRESQL, 25006, 0, UNABLE",
    "MYSQL, HY000, 1021, UNABLE",
    "MYSQL, HY000, 1114, UNABLE",
    "MYSQL, 25006, 1792, UNABLE",
    "MYSQL, HY000, 1836, UNABLE",
    "H2, 90097, 90097, UNABLE",
    "POSTGRESQL, 23505, 0, OTHER",
    "POSTGRESQL, 57014, 0, OTHER",
    "POSTGRESQL, HY000, 1213, OTHER",
    "MYSQL, 23000, 1062, OTHER",
    "H2, 23505, 23505, OTHER",
    "POSTGRESQL, '', 0, OTHER"
  })
  void aFailureSaysWhatBecameOfItsTransaction(
      Dialect dialect, String state, int code, SqlFailure kind) {
    assertEquals(kind, SqlFailure.of(dialect, new SQLException("a test", state, code)));
  }

  @Test
  void aFailureWithoutStateIsReadByItsClass() {
    SQLException broken = new SQLNonTransientConnectionException("a test");
    assertEquals(SqlFailure.BROKEN, SqlFailure.of(Dialect.MYSQL, broken));
  }

  @Test
  void itIsFoundAmongCauses() {
    SQLException failure = new SQLException("a test");
    Exception wrapped = new IllegalStateException(new RuntimeException(failure));
    assertSame(failure, SqlFailure.in(wrapped).orElseThrow());
    assertEquals(Optional.empty(), SqlFailure.in(new IllegalStateException("a test")));
  }

  @Test
  void aRingOfCausesEnds() {
    RuntimeException one = new RuntimeException("a test");
    RuntimeException other = new RuntimeException(one);
    one.initCause(other);
    assertEquals(Optional.empty(), SqlFailure.in(one));
  }
}
