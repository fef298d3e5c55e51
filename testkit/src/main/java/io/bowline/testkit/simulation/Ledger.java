// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.producer.Outcome;
import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was sent, stored, done and told in a simulated world, and what of it should not be. */
final class Ledger {
  private final VirtualTime time;
  private final List<String> events = new ArrayList<>();
  private final List<String> wrongs = new ArrayList<>();
  private final Map<String, Sent> sent = new LinkedHashMap<>();
  private final Set<String> stored = new HashSet<>();
  private final Set<String> buried = new HashSet<>();
  private final Set<String> crashedProducers = new HashSet<>();
  private int effects;
  private int repetitions;

  /** A message: the {@code number}-th of its key and producer, from 1. */
  static final class Sent {
    final String producer;
    final @Nullable String key;
    final int number;
    @Nullable Outcome outcome;
    int outcomes;
    int effects;
    int firstEffect;

    Sent(String producer, @Nullable String key, int number) {
      this.producer = producer;
      this.key = key;
      this.number = number;
    }
  }

  Ledger(VirtualTime time) {
    this.time = time;
  }

  void note(String who, String what) {
    events.add(time.nanos() / 1_000 + " us " + who + " " + what);
  }

  void wrong(String what) {
    note("WRONG:", what);
    wrongs.add(what);
  }

  void sent(String id, Sent message) {
    note(message.producer, "sends " + id + " key " + message.key + " number " + message.number);
    sent.put(id, message);
  }

  void ended(String id, Outcome outcome) {
    Sent message = known(id);
    note(message.producer, id + " is " + outcome);
    message.outcome = outcome;
    message.outcomes++;
    if (message.outcomes > 1) {
      wrong(id + " has " + message.outcomes + " outcomes");
    }
  }

  private Sent known(String id) {
    Sent message = sent.get(id);
    if (message == null) {
      throw new IllegalStateException("Nobody sent " + id);
    }
    return message;
  }

  void stored(Outgoing message) {
    if (message.topic().equals(SimulatedBroker.DEAD)) {
      buried.add(message.messageId());
    } else {
      stored.add(message.messageId());
    }
  }

  void effect(String id, String member) {
    note(member, "has done " + id);
    Sent message = known(id);
    message.effects++;
    if (message.effects == 1) {
      effects++;
      message.firstEffect = effects;
    } else {
      repetitions++;
    }
  }

  /** Acknowledged means processed, at this very moment. */
  void accepted(String id, String member) {
    note(member, "has " + id + " accepted");
    if (known(id).effects == 0 && !buried.contains(id)) {
      wrong(id + " was acknowledged before it was processed");
    }
  }

  /** Looks at the whole story, once it is over. */
  void audit() {
    sent.forEach(this::audit);
    Map<String, TreeMap<Integer, Sent>> chains = new TreeMap<>();
    for (Map.Entry<String, Sent> one : sent.entrySet()) {
      Sent message = one.getValue();
      boolean counts = message.outcome == Outcome.CONFIRMED && !buried.contains(one.getKey());
      if (message.key != null && message.effects > 0 && counts) {
        chains
            .computeIfAbsent(message.producer + " key " + message.key, all -> new TreeMap<>())
            .put(message.number, message);
      }
    }
    chains.forEach(this::auditOrder);
  }

  private void audit(String id, Sent message) {
    boolean crashed = message.outcomes == 0;
    boolean processed = message.effects > 0 || buried.contains(id);
    if (message.outcome == Outcome.CONFIRMED && !processed) {
      wrong(id + " is CONFIRMED and was never processed");
    }
    if (message.outcome == Outcome.REJECTED && stored.contains(id)) {
      wrong(id + " is REJECTED and yet stored");
    }
    if (crashed && !crashedProducers.contains(message.producer)) {
      wrong(id + " has no outcome");
    }
  }

  private void auditOrder(String chain, Map<Integer, Sent> messages) {
    int before = 0;
    for (Sent message : messages.values()) {
      if (message.firstEffect < before) {
        wrong(chain + " number " + message.number + " came before an earlier one");
      }
      before = Math.max(before, message.firstEffect);
    }
  }

  void producerCrashed(String producer) {
    crashedProducers.add(producer);
  }

  /** Whether all that must be is done: no outcome is awaited. */
  boolean allEnded() {
    return sent.values().stream()
        .allMatch(one -> one.outcomes > 0 || crashedProducers.contains(one.producer));
  }

  SimulationResult result(long seed) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      counts.put(
          outcome.name(),
          (int) sent.values().stream().filter(one -> one.outcome == outcome).count());
    }
    counts.put("sent", sent.size());
    counts.put("effects", effects);
    counts.put("repetitions", repetitions);
    counts.put("dead letters", buried.size());
    return new SimulationResult(seed, events, wrongs, counts);
  }
}
