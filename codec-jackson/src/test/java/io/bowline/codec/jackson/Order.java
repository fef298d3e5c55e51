// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value with one of each: what a service sends. */
record Order(
    String user,
    int count,
    BigDecimal price,
    State state,
    Instant at,
    Optional<OffsetDateTime> due,
    List<Line> lines,
    Map<String, Integer> labels) {

  enum State {
    OPEN,
    PAID;

    /** For people, not for the wire. */
    @Override
    public String toString() {
      return "is " + name();
    }
  }

  record Line(String bean, long grams) {

    Line {
      if (grams < 0) {
        throw new IllegalArgumentException("s3cret " + bean + " weighs " + grams);
      }
    }
  }

  static Order sample() {
    return new Order(
        "user-ü",
        7,
        new BigDecimal("12.50"),
        State.PAID,
        Instant.parse("2026-11-21T08:00:00.123456789Z"),
        Optional.of(OffsetDateTime.parse("2026-11-22T09:30:00+02:00")),
        List.of(new Line("arabica", 250)),
        Map.of("s3cretkey", 1));
  }
}
