// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.SendLedger.Arrived;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the lines of an {@link EffectWriter} say: who is at work on what, and what was done, which
 * goes to the ledger of its topic. A member that begins a message while it is at work on another of
 * the same key is a finding, and so is a gap: nothing is lost here. Not thread-safe.
 */
final class Effects {
  private static final int MOST_FINDINGS = 20;
  private static final int PARTS = 7;

  private final Map<String, SendLedger> ledgers;
  private final Map<String, Map<String, String>> inHand = new LinkedHashMap<>();
  private final Map<String, Set<String>> begun = new HashMap<>();
  private final Map<String, Integer> done = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private int all;

  /** The ledgers by topic. */
  Effects(Map<String, SendLedger> ledgers) {
    this.ledgers = Map.copyOf(ledgers);
  }

  /** Takes a line; one that is empty or was cut off says nothing. */
  void line(String line) {
    if (!line.endsWith(EffectWriter.END)) {
      return;
    }
    String whole = line.substring(0, line.length() - EffectWriter.END.length());
    String[] parts = whole.split(" ", PARTS);
    if (parts.length < PARTS) {
      finding("a line that nobody writes: " + line);
    } else if (parts[0].equals(EffectWriter.MISSES)) {
      finding(parts[1] + " misses what was not lost: " + parts[6]);
    } else if (parts[0].equals(EffectWriter.BEGAN)) {
      began(parts[1], parts[3], parts[2] + " " + parts[4], !parts[4].equals(EffectWriter.NONE));
    } else {
      did(parts);
    }
  }

  private void began(String member, String id, String key, boolean keyed) {
    Map<String, String> hand = inHand.computeIfAbsent(member, fresh -> new LinkedHashMap<>());
    if (keyed && hand.containsValue(key)) {
      finding(member + " began " + id + " while at work on another of " + key + ": " + hand);
    }
    hand.put(id, key);
    begun.computeIfAbsent(member, fresh -> new HashSet<>()).add(id);
  }

  private void did(String[] parts) {
    String member = parts[1];
    String id = parts[3];
    inHand.getOrDefault(member, Map.of()).keySet().remove(id);
    done.merge(member, 1, Integer::sum);
    all++;
    SendLedger ledger = ledgers.get(parts[2]);
    if (ledger == null) {
      finding("an effect of a topic that nobody sent to: " + id);
      return;
    }
    boolean keyed = !parts[4].equals(EffectWriter.NONE);
    boolean numbered = !parts[5].equals(EffectWriter.NONE);
    ledger.arrived(
        new Arrived(
            id,
            keyed ? parts[4] : null,
            parts[6],
            numbered ? EffectWriter.number(parts[5]) : null));
  }

  private void finding(String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(what);
    }
  }

  /** The ids of what a member began and has not done. */
  Set<String> inHand(String member) {
    return Set.copyOf(inHand.getOrDefault(member, Map.of()).keySet());
  }

  /** The ids of all that a member ever began. */
  Set<String> begun(String member) {
    return Collections.unmodifiableSet(begun.getOrDefault(member, Set.of()));
  }

  /** How many effects this member had, repetitions included. */
  int done(String member) {
    return done.getOrDefault(member, 0);
  }

  /** How many effects all members had, repetitions included. */
  int done() {
    return all;
  }

  /** What was wrong, the first {@value #MOST_FINDINGS} in sentences. */
  List<String> findings() {
    return List.copyOf(findings);
  }

  /** By member, for people. */
  @Override
  public String toString() {
    return all + " effects, by member " + done + ", in hand " + inHand;
  }
}
