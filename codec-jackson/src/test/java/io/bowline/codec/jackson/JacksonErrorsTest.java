// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.bowline.codec.jackson.Order.Line;
import io.bowline.message.Codec;
import io.bowline.message.Undecodable;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What an error says, and what it must not. */
class JacksonErrorsTest {
  private static final String PLACE =
      "Message orders/3/17 of orders lane 3 position 17 cannot be decoded: ";

  private final JacksonCodec<Order> orders = JacksonCodec.of(Order.class);

  private static Undecodable refused(String json, Codec<?> codec) {
    return assertThrows(Undecodable.class, () -> Bodies.of(json).body(codec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'count':'s3cret'} | a value that is no int at line 1, column 10, in count",
        "{'lines':[{'grams':1},{'grams':true}]}"
            + " | a value that is no long at line 1, column 32, in lines[1].grams",
        "{'labels':{'s3cret':[]}} | a value that is no java.lang.Integer at line 1, column 21, in"
            + " labels.*",
        "{'state':'s3cret'} | a value that is no LINE$State at line 1, column 10, in state",
        "{'lines':[{'bean':'s3cret','grams':-1}]}"
            + " | values that LINE$Line refuses at line 1, column 38, in lines[0]",
        "{'user':s3cret} | malformed JSON at line 1, column 9",
        "{'user':'s3cret | malformed JSON at line 1, column 16, in user",
        "`` | a value that is no LINE at line 1, column 0",
      })
  void anErrorTellsTypeAndPlace(String json, String problem) {
    Undecodable refused = refused(json.replace('\'', '"'), orders);
    String type = Order.class.getName();
    assertEquals(PLACE + "no " + type + ": " + problem.replace("LINE", type), refused.getMessage());
    assertNoSecret(refused, "");
  }

  @Test
  void anUnknownPropertyIsNotNamed() {
    JsonMapper strict =
        JacksonCodec.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    Undecodable refused =
        refused("{\"bean\":\"a\",\"grams\":1,\"s3cret\":1}", JacksonCodec.of(Line.class, strict));
    assertTrue(refused.toString().contains("an unknown property"), refused.toString());
    assertTrue(refused.toString().endsWith(", in *"), refused.toString());
    assertNoSecret(refused, "");
  }

  /** A golden body with bytes changed, cut and doubled at random, in every place. */
  @Test
  void noErrorShowsAPartOfTheBody() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    JsonMapper talkative =
        JsonMapper.builder().enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();
    Codec<Order> theirs = JacksonCodec.of(Order.class, talkative);
    String golden =
        new String(orders.encode(Order.sample()), UTF_8)
            .replace("user-ü", "s3cret")
            .replace("arabica", "s3cret");
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      String broken = broken(golden, random);
      for (Codec<Order> codec : java.util.List.of(orders, theirs)) {
        try {
          Bodies.of(broken).body(codec);
        } catch (Undecodable expected) {
          refused++;
          assertNoSecret(expected, "seed " + seed + ": " + broken);
        }
      }
    }
    assertTrue(refused > 1_000, "only " + refused + " were refused, seed " + seed);
  }

  private static String broken(String golden, Random random) {
    StringBuilder broken = new StringBuilder(golden);
    for (int i = random.nextInt(3); i >= 0 && !broken.isEmpty(); i--) {
      int at = random.nextInt(broken.length());
      switch (random.nextInt(4)) {
        case 0 -> broken.setCharAt(at, "\"{}[]:,-0s".charAt(random.nextInt(10)));
        case 1 -> broken.deleteCharAt(at);
        case 2 -> broken.insert(at, "\"s3cret\"");
        default -> broken.setLength(at);
      }
    }
    return broken.toString();
  }

  private static void assertNoSecret(Throwable failure, String about) {
    assertFalse(failure.toString().contains("s3cret"), () -> about + "\n" + failure);
    assertNull(failure.getCause());
    assertEquals(0, failure.getSuppressed().length);
  }

  @Test
  void depthIsBounded() {
    Codec<Object> anything = JacksonCodec.of(Object.class);
    Undecodable refused = refused("[".repeat(100_000), anything);
    assertTrue(refused.toString().contains("JSON that is nested too deep"), refused.toString());
  }

  /** Has no way to be made of JSON. */
  private interface Opaque {}

  /** Else every message of a topic would lie among the dead, for a mistake in the program. */
  @Test
  void aTypeThatCannotBeReadIsNotTheMessagesFault() {
    JacksonCodec<Opaque> opaque = JacksonCodec.of(Opaque.class);
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Bodies.of("{}").body(opaque));
    assertTrue(refused.toString().contains(Opaque.class.getName()), refused.toString());
  }

  private record Twice(@JsonProperty("a") int a, @JsonProperty("a") int b) {}

  @Test
  void aTypeThatMakesNoSenseIsRefusedWhenTheCodecIsMade() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> JacksonCodec.of(Twice.class));
    assertTrue(refused.toString().contains(Twice.class.getName()), refused.toString());
  }

  /** Refuses to be written. */
  private record Failing(int a) {
    @JsonValue
    int refuse() {
      if (a > 0) {
        throw new IllegalStateException("own reason");
      }
      return a;
    }
  }

  @Test
  void aValueThatCannotBeWrittenFailsAtOnceWithItsOwnReason() {
    JacksonCodec<Failing> failing = JacksonCodec.of(Failing.class);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> failing.encode(new Failing(1)));
    assertTrue(refused.toString().contains(Failing.class.getName()), refused.toString());
    assertTrue(String.valueOf(refused.getCause()).contains("own reason"), refused.toString());
  }
}
