// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.codec.jackson.Order.Line;
import io.bowline.message.Message;
import io.bowline.message.Undecodable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;

/** The JSON is golden: bodies outlive versions. */
class JacksonCodecTest {
  private static final String GOLDEN =
      "{\"user\":\"user-ü\",\"count\":7,\"price\":12.50,\"state\":\"PAID\","
          + "\"at\":\"2026-11-21T08:00:00.123456789Z\",\"due\":\"2026-11-22T09:30:00+02:00\","
          + "\"lines\":[{\"bean\":\"arabica\",\"grams\":250}],\"labels\":{\"s3cretkey\":1}}";

  private final JacksonCodec<Order> orders = JacksonCodec.of(Order.class);

  @Test
  void aValueIsWrittenLikeThis() {
    Message message = Message.to("orders").body(Order.sample(), orders);
    assertEquals(GOLDEN, new String(message.body(), UTF_8));
    assertEquals(Map.of("content-type", "application/json"), message.headers());
  }

  @Test
  void itIsReadAgainAsItWas() {
    assertEquals(Order.sample(), Bodies.of(GOLDEN).body(orders));
  }

  @Test
  void anyValueComesBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      Order order = order(random);
      byte[] body = orders.encode(order);
      assertEquals(order, Bodies.of(body, Map.of()).body(orders), "seed " + seed);
    }
  }

  private static Order order(Random random) {
    List<Line> lines = new ArrayList<>();
    Map<String, Integer> labels = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      lines.add(new Line(text(random), random.nextLong() >>> 1));
      labels.put(text(random), random.nextInt());
    }
    return new Order(
        text(random),
        random.nextInt(),
        BigDecimal.valueOf(random.nextLong(), random.nextInt(20)),
        random.nextBoolean() ? Order.State.OPEN : Order.State.PAID,
        Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
        Optional.empty(),
        lines,
        labels);
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(12), 0, Character.MAX_CODE_POINT + 1)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void typesMayHaveParameters() {
    JacksonCodec<Map<String, List<Line>>> codec = JacksonCodec.of(new TypeReference<>() {});
    Map<String, List<Line>> value = Map.of("a", List.of(new Line("robusta", 1)));
    assertEquals("{\"a\":[{\"bean\":\"robusta\",\"grams\":1}]}", text(codec.encode(value)));
    assertEquals(value, Bodies.of(codec.encode(value), Map.of()).body(codec));
    assertEquals(
        "JacksonCodec of java.util.Map<java.lang.String,java.util.List<"
            + Line.class.getName()
            + ">>",
        codec.toString());
  }

  private static String text(byte[] body) {
    return new String(body, UTF_8);
  }

  @Test
  void unknownPropertiesAreSkippedAndAbsentObjectsAreNullOrEmpty() {
    JacksonCodec<Line> lines = JacksonCodec.of(Line.class);
    Line read = Bodies.of("{\"new\":{\"deep\":[1]},\"bean\":\"a\",\"grams\":1}").body(lines);
    assertEquals(new Line("a", 1), read);
    Order order = Bodies.of("{\"count\":1}").body(orders);
    assertEquals(Optional.empty(), order.due());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"\"",
        "{",
        "{\"bean\":\"a\"}",
        "{\"bean\":\"a\",\"grams\":null}",
        "{\"bean\":\"a\",\"grams\":\"12\"}",
        "{\"bean\":\"a\",\"grams\":\"\"}",
        "{\"bean\":\"a\",\"grams\":12.5}",
        "{\"bean\":\"a\",\"grams\":true}",
        "{\"bean\":\"a\",\"grams\":9223372036854775808}",
        "{\"bean\":[\"a\"],\"grams\":1}",
        "{\"bean\":\"a\",\"grams\":-1}",
        "{\"bean\":\"a\",\"grams\":1} {}",
        "{\"bean\":\"a\",\"grams\":1,}",
        "{'bean':'a','grams':1}",
      })
  void whatDoesNotFitIsRefused(String json) {
    JacksonCodec<Line> lines = JacksonCodec.of(Line.class);
    assertThrows(Undecodable.class, () -> Bodies.of(json).body(lines));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"is PAID\"", "\"paid\"", "\"SOLD\"", "1", "\"1\"", "\"\""})
  void enumsGoByTheirNames(String json) {
    JacksonCodec<Order.State> states = JacksonCodec.of(Order.State.class);
    assertThrows(Undecodable.class, () -> Bodies.of(json).body(states));
  }

  /** The body must not choose the class, whatever it says. */
  @Test
  void aBodyNamesNoClass() {
    JacksonCodec<Object> anything = JacksonCodec.of(Object.class);
    Object read =
        Bodies.of("{\"@class\":\"java.io.File\",\"@type\":\"x\",\"a\":[\"java.io.File\",\"/\"]}")
            .body(anything);
    assertEquals(
        Map.of("@class", "java.io.File", "@type", "x", "a", List.of("java.io.File", "/")), read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON; charset=utf-8",
        "text/json",
        "application/cloudevents+json",
        "text/plain",
        "application/octet-stream",
        ""
      })
  void aContentTypeThatMayBeJsonIsRead(String contentType) {
    Map<String, String> headers = Map.of("content-type", contentType);
    assertEquals(Order.sample(), Bodies.of(GOLDEN.getBytes(UTF_8), headers).body(orders));
  }

  @Test
  void anotherContentTypeIsRefused() {
    Map<String, String> headers = Map.of("content-type", "application/x-protobuf");
    Undecodable refused =
        assertThrows(
            Undecodable.class, () -> Bodies.of(GOLDEN.getBytes(UTF_8), headers).body(orders));
    assertEquals(
        "Message orders/3/17 of orders lane 3 position 17 cannot be decoded: no "
            + Order.class.getName()
            + ": its content-type is 'application/x-protobuf', which is not JSON",
        refused.getMessage());
  }

  @Test
  void aMapperOfOnesOwnDecides() {
    var mapper =
        JacksonCodec.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
            .build();
    JacksonCodec<Line> lines = JacksonCodec.of(Line.class, mapper);
    assertEquals("{\"BEAN\":\"a\",\"GRAMS\":1}", text(lines.encode(new Line("a", 1))));
    assertThrows(
        Undecodable.class, () -> Bodies.of("{\"BEAN\":\"a\",\"GRAMS\":1,\"new\":1}").body(lines));
  }

  @Test
  void oneCodecServesManyThreads() {
    IntStream.range(0, 5_000)
        .parallel()
        .forEach(
            i -> {
              Line line = new Line("bean-" + i, i);
              JacksonCodec<Line> lines = LINES;
              assertEquals(line, Bodies.of(lines.encode(line), Map.of()).body(lines));
            });
  }

  private static final JacksonCodec<Line> LINES = JacksonCodec.of(Line.class);
}
