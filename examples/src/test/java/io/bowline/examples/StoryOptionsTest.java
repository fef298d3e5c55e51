// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StoryOptionsTest {

  @Test
  void withoutAddressABrokerIsStarted() {
    StoryOptions options = parse("--orders", "7");

    assertEquals(new StoryOptions("kafka://started", 7, null), options);
  }

  @Test
  void aGivenAddressStartsNoBroker() {
    StoryOptions options =
        StoryOptions.parse(
            new String[] {"kafka://given:9092"},
            () -> {
              throw new AssertionError("a broker was started");
            });

    assertEquals(
        new StoryOptions("kafka://given:9092", StoryOptions.DEFAULT_ORDERS, null), options);
  }

  @Test
  void whatIsNoNumberOfOrdersIsTold() {
    for (String wrong : new String[] {"0", "-1", "many", ""}) {
      var told = assertThrows(IllegalArgumentException.class, () -> parse("--orders", wrong));
      assertTrue(String.valueOf(told.getMessage()).contains("'" + wrong + "'"));
    }
    assertThrows(IllegalArgumentException.class, () -> parse("--orders"));
  }

  @Test
  void theDatabaseMayBeGiven() {
    String url = "jdbc:postgresql://host/beans?user=me";

    assertEquals(
        new StoryOptions("kafka://started", 7, url), parse("--database", url, "--orders", "7"));
    assertThrows(IllegalArgumentException.class, () -> parse("--database"));
    var told =
        assertThrows(IllegalArgumentException.class, () -> parse("--database", "me:secret@host"));
    assertTrue(!String.valueOf(told.getMessage()).contains("secret"));
  }

  @Test
  void anUnknownOptionIsTold() {
    var told = assertThrows(IllegalArgumentException.class, () -> parse("--order", "7"));

    assertTrue(String.valueOf(told.getMessage()).contains("'--order'"));
  }

  private static StoryOptions parse(String... args) {
    return StoryOptions.parse(args, () -> "kafka://started");
  }
}
