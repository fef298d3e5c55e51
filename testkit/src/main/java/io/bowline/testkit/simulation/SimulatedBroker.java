// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.message.Watermark;
import io.bowline.transport.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the topics, and who reads it: a broker that does what brokers do, right or, by its
 * {@link BrokerFlaw}, wrong on purpose. Its transports bring it sends and polls.
 */
final class SimulatedBroker {
  static final String TOPIC = "orders";
  static final String DEAD = "orders.dead";

  private final VirtualTime time;
  private final SimulatedMachine machine;
  private final Ledger ledger;
  private final BrokerFlaw flaw;
  private final Map<String, List<Lane>> topics = new TreeMap<>();
  private final List<SimulatedSubscription> members = new ArrayList<>();
  private boolean down;

  /** One lane, and what the one group has yet to accept of it. */
  static final class Lane {
    final int number;
    final Map<Long, Kept> unaccepted = new LinkedHashMap<>();
    long next;

    Lane(int number) {
      this.number = number;
    }
  }

  /** A message as it lies there. */
  static final class Kept {
    final long offset;
    final Outgoing message;
    int attempts;

    /** Who works on it; null if nobody does. */
    @Nullable SimulatedSubscription holder;

    Kept(long offset, Outgoing message) {
      this.offset = offset;
      this.message = message;
    }
  }

  SimulatedBroker(VirtualTime time, SimulatedMachine machine, Ledger ledger, BrokerFlaw flaw) {
    this.time = time;
    this.machine = machine;
    this.ledger = ledger;
    this.flaw = flaw;
  }

  void create(String topic, int lanes) {
    List<Lane> made = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      made.add(new Lane(lane));
    }
    topics.put(topic, made);
  }

  List<Lane> lanes(String topic) {
    List<Lane> lanes = topics.get(topic);
    if (lanes == null) {
      throw new IllegalArgumentException("No topic " + topic + " in the simulation");
    }
    return lanes;
  }

  BrokerFlaw flaw() {
    return flaw;
  }

  SimulatedMachine machine() {
    return machine;
  }

  boolean isDown() {
    return down;
  }

  /** Stores a message at the end of its lane. */
  void store(Outgoing message) {
    Lane lane = lanes(message.topic()).get(message.lane());
    long offset = lane.next++;
    ledger.stored(message);
    ledger.note("broker", "stores " + message.messageId() + " at " + message.lane() + "/" + offset);
    if (message.topic().equals(TOPIC)) {
      boolean lost = flaw == BrokerFlaw.LOSES_WHAT_IT_STORED && time.chance(0.03);
      if (!lost) {
        lane.unaccepted.put(offset, new Kept(offset, message));
      }
    }
  }

  /** The group has processed a message. */
  void accepted(Lane lane, Kept kept, SimulatedMachine by) {
    lane.unaccepted.remove(kept.offset);
    if (!kept.message.headers().containsKey(Watermark.HEADER)) { // nobody processes one
      ledger.accepted(kept.message.messageId(), by.name);
    }
  }

  int unaccepted() {
    return lanes(TOPIC).stream().mapToInt(lane -> lane.unaccepted.size()).sum();
  }

  void join(SimulatedSubscription member) {
    members.add(member);
    ledger.note("broker", member + " joins");
  }

  void bounded(String what, int count, int most) {
    if (count > most) {
      ledger.wrong(what + ": " + count + ", more than " + most);
    }
  }

  /** Who should hold a lane; a lane moves only when its holder has let go. */
  boolean isFor(SimulatedSubscription member, int lane) {
    return !members.isEmpty() && members.get(lane % members.size()) == member;
  }

  boolean isMember(SimulatedSubscription member) {
    return members.contains(member);
  }

  /** Whether a lane is free for this member. */
  boolean isFree(SimulatedSubscription asking, int lane) {
    boolean held =
        members.stream().anyMatch(other -> other != asking && other.holds().contains(lane));
    return isFor(asking, lane) && !held;
  }

  /** Drops a member, as if its lease ran out; it hears of it at its next poll. */
  void drop(SimulatedSubscription member) {
    if (members.remove(member)) {
      ledger.note("broker", "drops " + member);
      lanes(TOPIC).forEach(lane -> free(lane, member));
    }
  }

  void free(Lane lane, SimulatedSubscription member) {
    for (Kept kept : lane.unaccepted.values()) {
      if (kept.holder == member) {
        kept.holder = null;
      }
    }
  }

  /** Lets the lease of one member run out. */
  void dropOne() {
    if (!members.isEmpty()) {
      drop(members.get(time.random().nextInt(members.size())));
    }
  }

  /** Makes the subscription of one member unusable. */
  void breakOne() {
    if (!members.isEmpty()) {
      members.get(time.random().nextInt(members.size())).breaks();
    }
  }

  void dropAllOf(SimulatedMachine gone) {
    for (SimulatedSubscription member : List.copyOf(members)) {
      if (member.machine() == gone) {
        drop(member);
      }
    }
  }

  /** Goes away for a while: sends under way are cut, members dropped; what is stored stays. */
  void restart(Duration pause) {
    ledger.note("broker", "goes down for " + pause);
    down = true;
    List.copyOf(members).forEach(this::drop);
    time.after(
        machine,
        pause,
        () -> {
          down = false;
          ledger.note("broker", "is up");
        });
  }
}
