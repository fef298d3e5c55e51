// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A stream of messages: round after round one of each of eight keys, numbered, all confirmed. */
final class Round {
  private static final int KEYS = 8;
  private static final Duration PACE = Duration.ofMillis(20);

  private final Scene scene;
  private final Place place;
  private final List<String> sent = new ArrayList<>();
  private int number;

  Round(Scene scene, Place place) {
    this.scene = scene;
    this.place = place;
  }

  /** Sends rounds until it holds, or this time is over. */
  void untilHolds(Duration time, BooleanSupplier holds) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!holds.getAsBoolean() && deadline - System.nanoTime() > 0) {
      Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
      number++;
      for (int i = 0; i < KEYS; i++) {
        // These keys fall in each of two, three or four lanes; k0 to k7 leave two of four empty.
        String key = "key-" + i;
        String text = key + ":" + number;
        sends.put(text, scene.sendKeyed(place, key, text));
      }
      sends.values().forEach(scene::confirmed);
      sent.addAll(sends.keySet());
      boolean unused = scene.holdsWithin(PACE, holds);
    }
  }

  /** All texts, each "key:number", in the order of sending. */
  List<String> sent() {
    return sent;
  }

  /** The same texts, those of a key together and in their order. */
  static Map<String, List<String>> byKey(List<String> texts) {
    Map<String, List<String>> keys = new TreeMap<>();
    for (String text : texts) {
      String key = text.substring(0, text.indexOf(':'));
      keys.computeIfAbsent(key, fresh -> new ArrayList<>()).add(text);
    }
    return keys;
  }

  /**
   * Where a member saw a number of a key, and later, in the same term of the lane, not its next.
   */
  static List<String> holes(List<Arrival> arrivals) {
    record Line(int term, String key) {}
    List<String> holes = new ArrayList<>();
    Map<Line, Integer> latest = new HashMap<>();
    for (Arrival arrival : arrivals) {
      int colon = arrival.text().indexOf(':');
      Line line = new Line(arrival.term().number(), arrival.text().substring(0, colon));
      int number = Integer.parseInt(arrival.text().substring(colon + 1));
      int before = latest.getOrDefault(line, number - 1);
      if (number > before + 1) {
        holes.add(arrival.text() + " after " + before);
      }
      latest.put(line, Math.max(before, number));
    }
    return holes;
  }
}
