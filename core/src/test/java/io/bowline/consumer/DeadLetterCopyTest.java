// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a dead letter says. */
final class DeadLetterCopyTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private final Exception noBean = new Unprocessable("no such bean");

  private final DeadLetterCopy copies = new DeadLetterCopy("dead", "billing");

  private static Received received(Origin origin, Map<String, String> headers) {
    return Received.of(origin, "k", headers, new byte[] {1});
  }

  private static Origin at(String topic, int lane, String position) {
    return new Origin(topic, lane, position, "native");
  }

  private static Map<String, String> stamped(String source) {
    Stamp stamp = new Stamp("id-1", source, 255, new KeyNumber(7, 0, false));
    return Map.of("h", "v", StampCodec.HEADER, StampCodec.write(stamp));
  }

  @Test
  void itIsTheMessageItselfWithTheReasonBeside() {
    Message copy = copies.full(received(at("orders", 1, "55"), stamped("shop")), noBean, NOON);
    assertEquals("dead", copy.topic());
    assertEquals("id-1", copy.id().orElseThrow());
    assertEquals("k", copy.key().orElseThrow());
    assertArrayEquals(new byte[] {1}, copy.body());
    Map<String, String> told = new HashMap<>(copy.headers());
    String stack = String.valueOf(told.remove("bowline-dead-stack"));
    String expected = Unprocessable.class.getName() + " at " + getClass().getName() + ".<init>:";
    assertTrue(stack.startsWith(expected), stack);
    Map<String, String> expectedHeaders =
        Map.ofEntries(
            Map.entry("h", "v"),
            Map.entry("bowline-dead-reason", "no such bean"),
            Map.entry("bowline-dead-exception", Unprocessable.class.getName()),
            Map.entry("bowline-dead-attempts", "1"),
            Map.entry("bowline-dead-deaths", "1"),
            Map.entry("bowline-dead-group", "billing"),
            Map.entry("bowline-dead-at", "2026-01-01T12:00:00Z"),
            Map.entry("bowline-dead-topic", "orders"),
            Map.entry("bowline-dead-lane", "1"),
            Map.entry("bowline-dead-position", "55"),
            Map.entry("bowline-dead-source", "shop"),
            Map.entry("bowline-dead-epoch", "ff"),
            Map.entry("bowline-dead-number", "7"));
    assertEquals(expectedHeaders, told);
  }

  @Test
  void aDeadLetterThatDiesKeepsItsFirstOriginAndCountsItsDeaths() {
    Message first = copies.full(received(at("orders", 1, "55"), stamped("shop")), noBean, NOON);
    Message second = again(first, "mourners");
    Message third = again(second, "doctors");
    Map<String, String> headers = third.headers();
    assertEquals("3", headers.get("bowline-dead-deaths"));
    assertEquals("doctors", headers.get("bowline-dead-group"));
    assertEquals("worse", headers.get("bowline-dead-reason"));
    for (String name : new String[] {"topic", "lane", "position", "source", "epoch", "number"}) {
      String header = "bowline-dead-" + name;
      assertEquals(first.headers().get(header), headers.get(header), header);
    }
    assertEquals("id-1", third.id().orElseThrow());
  }

  private static Message again(Message dead, String group) {
    Map<String, String> headers = new HashMap<>(dead.headers());
    Stamp stamp = new Stamp(dead.id().orElseThrow(), "billing.dead-letters", 1, null);
    headers.put(StampCodec.HEADER, StampCodec.write(stamp));
    Received arrived = received(at("dead", 0, "3"), headers);
    return new DeadLetterCopy("worse", group).full(arrived, new Exception("worse"), NOON);
  }

  @Test
  void aCountThatCannotBeReadIsTakenForOne() {
    Received arrived =
        received(
            at("dead", 0, "3"),
            Map.of("bowline-dead-topic", "orders", "bowline-dead-deaths", "many"));
    assertEquals("2", copies.full(arrived, noBean, NOON).headers().get("bowline-dead-deaths"));
  }

  @Test
  void aSmallOneLeavesOutTheStackAndCutsTheReason() {
    Exception wordy = new Exception("x".repeat(5_000));
    Message first = copies.full(received(at("orders", 1, "55"), stamped("shop")), wordy, NOON);
    Received arrived = received(at("dead", 0, "3"), first.headers());
    Message small = copies.small(arrived, wordy, NOON);
    assertNull(small.headers().get("bowline-dead-stack"));
    assertEquals("x".repeat(100) + "…", small.headers().get("bowline-dead-reason"));
    assertEquals("orders", small.headers().get("bowline-dead-topic"));
  }

  /** RocketMQ as installed takes 16 KiB of headers, and may write three bytes for one of these. */
  @Test
  void whatIsAddedToTheHeadersIsBounded() {
    String much = "ü".repeat(10_000);
    Exception wordy = new Exception(much, new Exception(much));
    String topic = "t".repeat(249); // the longest of any broker has 255
    Received received = received(at(topic, Integer.MAX_VALUE, much), stamped(much));
    Message copy = new DeadLetterCopy("dead", "g".repeat(250)).full(received, wordy, NOON);
    assertTrue(bytes(copy) <= 6 * 1024, () -> "bytes of headers: " + bytes(copy));
    Message small = new DeadLetterCopy("dead", "billing").small(received, noBean, NOON);
    assertTrue(bytes(small) <= 2 * 1024, () -> "bytes of headers: " + bytes(small));
  }

  private static int bytes(Message copy) {
    return copy.headers().entrySet().stream()
        .mapToInt(h -> h.getKey().getBytes(UTF_8).length + h.getValue().getBytes(UTF_8).length)
        .sum();
  }

  @Test
  void noCharacterIsCutInTwo() {
    Message copy =
        copies.full(
            received(at("orders", 0, "1"), Map.of()),
            new Exception("😀".repeat(251)), // 4 bytes each, two chars
            NOON);
    String reason = String.valueOf(copy.headers().get("bowline-dead-reason"));
    assertEquals("😀".repeat(250) + "…", reason);
    assertFalse(reason.contains("\uFFFD"));
  }
}
