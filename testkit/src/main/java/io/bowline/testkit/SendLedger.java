// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one producer was given to send, how each send ended, and what a reader of the whole topic
 * found; {@link #findings} says where the three contradict each other:
 *
 * <ul>
 *   <li>every send ended, and exactly once;
 *   <li>what ended CONFIRMED is there, what ended REJECTED is not, and nothing that nobody sent;
 *   <li>what came twice came with the same key, body and number;
 *   <li>the first arrivals of a key are in the order of the calls of send;
 *   <li>of a key no number stands for two messages, none that a consumer would wait for is missing,
 *       and no confirmed one is called void.
 * </ul>
 *
 * <p>It decides only; it waits for nothing. Calls and endings may come from any thread; calls of
 * one key come one after another. Arrivals are added in the order of their lane.
 */
public final class SendLedger {
  private static final int MOST_FINDINGS = 20;

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, KeyNumbers> keys = new LinkedHashMap<>();
  private final List<String> contradictions = new ArrayList<>();
  private final Map<Outcome, Integer> ended = new LinkedHashMap<>();
  private int contradicted;
  private int duplicates;

  private final Order order;

  /** Nothing was sent yet by a producer of this order. */
  public SendLedger(Order order) {
    this.order = order;
  }

  private static final class Entry {
    final int call;
    final @Nullable String key;
    final String body;
    int endings;
    @Nullable Outcome outcome;
    @Nullable Arrived arrived;

    Entry(int call, @Nullable String key, String body) {
      this.call = call;
      this.key = key;
      this.body = body;
    }
  }

  /** What the first arrivals of a key have shown. */
  private static final class KeyNumbers {
    int lastCall = -1;
    long highest;
    final Map<Long, String> bearers = new HashMap<>();
    final TreeSet<Long> open = new TreeSet<>();
  }

  /**
   * A message as it was found.
   *
   * @param id the id in its stamp
   * @param key its key, or null
   * @param body its body as text
   * @param number its number among those of its key, or null if it has none
   */
  public record Arrived(
      String id, @Nullable String key, String body, Stamp.@Nullable KeyNumber number) {

    /** What a consumer received; a message without a stamp goes by its native id. */
    public static Arrived of(Received message) {
      return new Arrived(
          message.id(),
          message.key().orElse(null),
          message.text(),
          message.stamp().flatMap(Stamp::keyNumber).orElse(null));
    }
  }

  /** Send is about to be called with this message. */
  public synchronized void called(String id, @Nullable String key, String body) {
    Entry entry = new Entry(entries.size(), key, body);
    if (entries.putIfAbsent(id, entry) != null) {
      throw new IllegalArgumentException("Called twice in one ledger: " + id);
    }
  }

  /** Its future completed so. */
  public synchronized void ended(String id, Outcome outcome) {
    Entry entry = entries.get(id);
    if (entry == null) {
      contradict("a future completed that nobody got: " + id + " " + outcome);
      return;
    }
    entry.endings++;
    if (entry.endings > 1) {
      contradict("ended twice: " + id + ", " + entry.outcome + " and then " + outcome);
      return;
    }
    entry.outcome = outcome;
    ended.merge(outcome, 1, Integer::sum);
  }

  /** The reader found this message, after all it found before in the same lane. */
  public synchronized void arrived(Arrived message) {
    Entry entry = entries.get(message.id());
    if (entry == null) {
      contradict("sent by nobody: " + message);
      return;
    }
    Arrived before = entry.arrived;
    if (!message.body().equals(entry.body) || !same(message.key(), entry.key)) {
      contradict("changed on the way: " + message);
    } else if (before == null) {
      entry.arrived = message;
      firstArrival(message, entry);
    } else {
      duplicates++;
      if (!same(before.number(), message.number())) {
        contradict("came again under another number: " + before + " and " + message);
      }
    }
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one == null ? other == null : one.equals(other);
  }

  private void firstArrival(Arrived message, Entry entry) {
    if (message.key() == null) {
      return;
    }
    KeyNumbers seen = keys.computeIfAbsent(message.key(), fresh -> new KeyNumbers());
    if (entry.call < seen.lastCall) {
      contradict("out of order: " + message + " came after a later one of its key");
    }
    seen.lastCall = Math.max(seen.lastCall, entry.call);
    Stamp.KeyNumber number = message.number();
    if (number == null) {
      contradict("without a number: " + message);
    } else {
      numbered(message, number, seen);
    }
  }

  private void numbered(Arrived message, Stamp.KeyNumber number, KeyNumbers seen) {
    String other = seen.bearers.putIfAbsent(number.sequence(), message.id());
    if (other != null) {
      contradict("one number for two messages: " + other + " and " + message);
    }
    if (number.first()) {
      seen.open.clear();
    } else {
      for (long missing = seen.highest + 1; missing < number.sequence(); missing++) {
        seen.open.add(missing);
      }
    }
    seen.open.remove(number.sequence());
    for (long dead = number.firstVoided(); dead <= number.lastVoided(); dead++) {
      seen.open.remove(dead);
      String bearer = seen.bearers.get(dead);
      if (bearer != null && outcome(bearer) == Outcome.CONFIRMED) {
        contradict("called void by " + message + " though confirmed: " + bearer);
      }
    }
    seen.highest = Math.max(seen.highest, number.sequence());
  }

  /** How this send ended; null if it has not, or was not called. */
  public synchronized @Nullable Outcome outcome(String id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.outcome;
  }

  /** How many sends ended so. */
  public synchronized int count(Outcome outcome) {
    return ended.getOrDefault(outcome, 0);
  }

  /** How many sends were called. */
  public synchronized int calls() {
    return entries.size();
  }

  /** How many sends have not ended. */
  public synchronized int unended() {
    return entries.size() - ended.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many arrivals were not the first of their message. */
  public synchronized int duplicates() {
    return duplicates;
  }

  /** The ids that are CONFIRMED and were not found yet. */
  public synchronized List<String> missing() {
    return entries.entrySet().stream()
        .filter(each -> each.getValue().outcome == Outcome.CONFIRMED)
        .filter(each -> each.getValue().arrived == null)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * All contradictions, each in a sentence, the first {@value #MOST_FINDINGS} and the number of the
   * rest; empty if there are none. To be asked once everything has ended and was read.
   */
  public synchronized List<String> findings() {
    List<String> all = new ArrayList<>(contradictions);
    int more = contradicted - contradictions.size();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      String finding = finding(each.getKey(), each.getValue());
      if (finding != null && all.size() < MOST_FINDINGS) {
        all.add(finding);
      } else if (finding != null) {
        more++;
      }
    }
    Map<String, Integer> unexplained = order == Order.PIPELINED ? absent() : Map.of();
    keys.forEach(
        (key, seen) -> {
          if (seen.open.size() > unexplained.getOrDefault(key, 0)) {
            all.add("a consumer would miss " + seen.open + " of key " + key);
          }
        });
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }

  /**
   * How many sends of each key were given up and did not arrive. In pipelined order a later message
   * names their numbers, and at the end there may be none.
   */
  private Map<String, Integer> absent() {
    Map<String, Integer> absent = new HashMap<>();
    for (Entry entry : entries.values()) {
      if (entry.key != null && entry.arrived == null && entry.outcome != Outcome.CONFIRMED) {
        absent.merge(entry.key, 1, Integer::sum);
      }
    }
    return absent;
  }

  private static @Nullable String finding(String id, Entry entry) {
    if (entry.outcome == null) {
      return "never ended: " + id;
    }
    if (entry.outcome == Outcome.CONFIRMED && entry.arrived == null) {
      return "confirmed and not there: " + id + " of key " + entry.key;
    }
    if (entry.outcome == Outcome.REJECTED && entry.arrived != null) {
      return "rejected and there: " + id + " of key " + entry.key;
    }
    return null;
  }

  private void contradict(String what) {
    contradicted++;
    if (contradictions.size() < MOST_FINDINGS) {
      contradictions.add(what);
    }
  }

  /** The counts, for people. */
  @Override
  public synchronized String toString() {
    return "%d calls, ended %s, %d not ended, %d duplicates"
        .formatted(entries.size(), ended, unended(), duplicates);
  }
}
