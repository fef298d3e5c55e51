// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.replay.ReplayReport.Fate;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a dead letter, and what goes out for it. */
final class SelectionTest {
  private final Selection all = new Selection("run-1", "dead", "billing", letter -> true, 3);

  private static Received letter(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    Stamp own = new Stamp("id-1", "billing.dead-letters", 9, null);
    all.put(StampCodec.HEADER, StampCodec.write(own));
    return Received.of(new Origin("dead", 0, "3", "native"), "k", all, new byte[] {1});
  }

  private static Map<String, String> dead(String... more) {
    Map<String, String> headers = new HashMap<>();
    headers.put("bowline-dead-topic", "orders");
    headers.put("bowline-dead-group", "billing");
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    return headers;
  }

  @Test
  void itIsTheMessageAsItWasAndNothingTellsOfItsDeath() {
    Received letter =
        letter(
            dead(
                "h", "v",
                "bowline-dead-reason", "no such bean",
                "bowline-dead-source", "shop",
                "bowline-dead-epoch", "ff",
                "bowline-dead-number", "7"));
    Message message = all.toOrigin(letter);
    assertEquals("orders", message.topic());
    assertEquals("id-1", message.id().orElseThrow());
    assertEquals("k", message.key().orElseThrow());
    assertArrayEquals(new byte[] {1}, message.body());
    assertEquals(
        Map.of(
            "h", "v",
            "bowline-replays", "1",
            "bowline-replay-run", "run-1",
            "bowline-replayed-stamp", "1;i=id-1;s=shop;e=ff;k=7"),
        message.headers());
  }

  @Test
  void replaysAreCountedAndTheFirstStampIsKept() {
    Message again =
        all.toOrigin(
            letter(
                dead(
                    "bowline-replays", "1",
                    "bowline-replay-run", "run-0",
                    "bowline-replayed-stamp", "the first",
                    "bowline-dead-source", "billing.replay",
                    "bowline-dead-epoch", "100")));
    assertEquals(
        Map.of(
            "bowline-replays", "2",
            "bowline-replay-run", "run-1",
            "bowline-replayed-stamp", "the first"),
        again.headers());
  }

  @Test
  void whatGoesToTheEndIsTheDeadLetterItself() {
    Message back = all.toTheEnd(letter(dead("bowline-dead-reason", "no such bean")));
    assertEquals("dead", back.topic());
    assertEquals("id-1", back.id().orElseThrow());
    assertEquals(
        dead("bowline-dead-reason", "no such bean", "bowline-replay-run", "run-1"), back.headers());
  }

  @Test
  void whatThisRunSentIsKnownByItsName() {
    assertTrue(all.isOfThisRun(letter(dead("bowline-replay-run", "run-1"))));
    assertFalse(all.isOfThisRun(letter(dead("bowline-replay-run", "run-0"))));
    assertFalse(all.isOfThisRun(letter(dead())));
  }

  @Test
  void eachLetterHasOneFate() {
    assertEquals(Fate.REPLAYED, all.fate(letter(dead())));
    assertEquals(Fate.REPLAYED, all.fate(letter(dead("bowline-replays", "2"))));
    assertEquals(Fate.REPLAYED_TOO_OFTEN, all.fate(letter(dead("bowline-replays", "3"))));
    assertEquals(Fate.OTHER_GROUP, all.fate(letter(dead("bowline-dead-group", "shipping"))));
    assertEquals(Fate.NO_ORIGIN, all.fate(letter(Map.of())));
    assertEquals(Fate.NO_ORIGIN, all.fate(letter(dead("bowline-dead-topic", "dead"))));
    Selection none = new Selection("run-1", "dead", "billing", letter -> false, 3);
    assertEquals(Fate.NOT_SELECTED, none.fate(letter(dead())));
  }

  @Test
  void aCountThatCannotBeReadIsNone() {
    for (String garbled : new String[] {"many", "", "-5", "99999999999999"}) {
      Received letter = letter(dead("bowline-replays", garbled));
      assertEquals(Fate.REPLAYED, all.fate(letter));
      assertEquals("1", all.toOrigin(letter).headers().get("bowline-replays"));
    }
  }

  @Test
  void aStampThatSomebodyElseGarbledIsLeftOut() {
    Received letter =
        letter(dead("bowline-dead-source", "shop", "bowline-dead-epoch", "not hexadecimal"));
    assertFalse(all.toOrigin(letter).headers().containsKey("bowline-replayed-stamp"));
  }
}
