// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.bowline.message.Undecodable;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the table in docs/typed-messages.md says of types that change. */
class JacksonEvolutionTest {

  private record Old(String bean, int count) {}

  private record Added(
      String bean,
      int count,
      @Nullable String note,
      Optional<Integer> bags,
      @Nullable Long grams) {}

  private record AddedPrimitive(String bean, int count, boolean gift) {}

  private record Renamed(@JsonAlias("bean") String sort, int count) {}

  private record Fraction(String bean, BigDecimal count) {}

  private record Text(String bean, String count) {}

  private static <A, B> B reread(A sent, Class<A> written, Class<B> read) {
    return Bodies.of(JacksonCodec.of(written).encode(sent), Map.of()).body(JacksonCodec.of(read));
  }

  private static final Old OLD = new Old("arabica", 7);

  @Test
  void addedPropertiesAreSkippedByOldReadersAndEmptyToNewOnes() {
    Added added = new Added("arabica", 7, "n", Optional.of(1), 2L);
    assertEquals(OLD, reread(added, Added.class, Old.class));
    assertEquals(
        new Added("arabica", 7, null, Optional.empty(), null), reread(OLD, Old.class, Added.class));
  }

  @Test
  void anAddedPrimitiveRefusesOldMessages() {
    assertThrows(Undecodable.class, () -> reread(OLD, Old.class, AddedPrimitive.class));
  }

  @Test
  void anAliasReadsTheOldName() {
    assertEquals(new Renamed("arabica", 7), reread(OLD, Old.class, Renamed.class));
  }

  @Test
  void aWholeNumberIsReadAsFractionAndAsText() {
    assertEquals(
        new Fraction("arabica", new BigDecimal(7)), reread(OLD, Old.class, Fraction.class));
    assertEquals(new Text("arabica", "7"), reread(OLD, Old.class, Text.class));
  }

  @Test
  void aFractionOrATextIsNoWholeNumber() {
    Fraction fraction = new Fraction("arabica", new BigDecimal("7.5"));
    assertThrows(Undecodable.class, () -> reread(fraction, Fraction.class, Old.class));
    assertThrows(Undecodable.class, () -> reread(new Text("a", "7"), Text.class, Old.class));
  }

  @Test
  void ofAPropertyThatStandsTwiceTheLastCounts() {
    Old read =
        Bodies.of("{\"count\":1,\"bean\":\"a\",\"count\":2}").body(JacksonCodec.of(Old.class));
    assertEquals(new Old("a", 2), read);
  }
}
