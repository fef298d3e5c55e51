// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/** A group member on three lanes, beside a simple model of what it may commit. */
final class CommitWorld {
  private static final int LANES = 3;

  /** A lane's log with holes, and what is known of the present assignment, if there is one. */
  private static final class Lane {
    final int number;
    final List<Long> offsets = new ArrayList<>();
    final TreeSet<Long> neverAccepted = new TreeSet<>();
    final Map<Long, Integer> attempts = new HashMap<>();
    final TreeMap<Long, KafkaDelivery> open = new TreeMap<>();
    boolean ours;
    int next;

    /** The first offset handed out in this assignment; negative before. */
    long begin = -1;

    long position;

    Lane(int number, Random random) {
      this.number = number;
      long offset = random.nextInt(3);
      for (int i = 0; i < 40; i++) {
        offsets.add(offset);
        offset += 1 + Math.max(0, random.nextInt(8) - 5);
      }
      neverAccepted.addAll(offsets);
    }

    long end() {
      return offsets.get(offsets.size() - 1) + 1;
    }

    /** What the model would commit. */
    long reached() {
      return open.isEmpty() ? position : open.firstKey();
    }
  }

  private final Random random;
  private final String name;
  private final StringBuilder story = new StringBuilder();
  private final ForgetfulCoordinator coordinator = new ForgetfulCoordinator();
  private final HeldLanes held = new HeldLanes("t");
  private final HeldDeliveries waiting = new HeldDeliveries();
  private final OffsetCommits commits = new OffsetCommits(coordinator, held, "t of g");
  private final Lane[] lanes = new Lane[LANES];
  private final List<KafkaDelivery> over = new ArrayList<>();

  CommitWorld(long seed, String name) {
    this.random = new Random(seed);
    this.name = name;
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = new Lane(lane, random);
    }
  }

  void play(int steps) {
    for (int step = 0; step < steps; step++) {
      step(lanes[random.nextInt(LANES)]);
      check();
    }
    coordinator.refusal = null;
    coordinator.answersTooLate = false;
    for (Lane lane : lanes) {
      assign(lane);
      fetch(lane, lane.offsets.size());
      comeBack();
      List.copyOf(lane.open.values()).forEach(delivery -> accept(lane, delivery));
    }
    commits.commit();
    check();
    for (Lane lane : lanes) {
      must(lane.neverAccepted.isEmpty(), "lane " + lane.number + " is drained");
      long committed = coordinator.committed.getOrDefault(lane.number, 0L);
      must(committed == lane.end(), "lane " + lane.number + " ends at " + committed);
    }
  }

  private void step(Lane lane) {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> fetch(lane, 1 + random.nextInt(4));
      case 5, 6, 7, 8, 9 -> any(lane).ifPresent(delivery -> accept(lane, delivery));
      case 10 -> any(lane).ifPresent(delivery -> release(lane, delivery));
      case 11 -> comeBack();
      case 12 -> acceptWhatIsOver();
      case 13, 14 -> commit();
      case 15 -> revoke(lane);
      case 16 -> lose(lane);
      case 17, 18 -> assign(lane);
      default -> remake(lane);
    }
  }

  private Optional<KafkaDelivery> any(Lane lane) {
    List<KafkaDelivery> open = lane.open.values().stream().filter(this::isHandedOut).toList();
    return open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
  }

  private boolean isHandedOut(KafkaDelivery delivery) {
    return !over.contains(delivery);
  }

  private void fetch(Lane lane, int most) {
    for (int i = 0; lane.ours && i < most && lane.next < lane.offsets.size(); i++) {
      long offset = lane.offsets.get(lane.next++);
      KafkaDelivery delivery =
          held.handOut(new ConsumerRecord<>("t", lane.number, offset, new byte[0], new byte[0]));
      if (delivery == null) {
        throw new AssertionError(told("a held lane hands out"));
      }
      handedOut(lane, delivery);
      lane.position = Math.max(lane.position, offset + 1);
    }
    if (lane.ours && random.nextBoolean()) { // the client tells where it goes on
      boolean last = lane.next == lane.offsets.size();
      long goesOn = last ? lane.end() : lane.offsets.get(lane.next);
      held.nothingBefore(lane.number, new OffsetAndMetadata(goesOn));
      lane.position = Math.max(lane.position, goesOn);
      note("go on at", lane, goesOn);
    }
  }

  private void handedOut(Lane lane, KafkaDelivery delivery) {
    note("hand out", lane, delivery.offset());
    long offset = delivery.offset();
    int before = lane.attempts.getOrDefault(offset, 0);
    must(
        !lane.neverAccepted.contains(offset) || delivery.attempt() > before,
        "attempt " + delivery.attempt() + " follows " + before);
    lane.attempts.put(offset, delivery.attempt());
    lane.open.put(offset, delivery);
    lane.begin = lane.begin < 0 ? offset : lane.begin;
  }

  private boolean accepted(KafkaDelivery delivery) {
    return held.isOurs(delivery) && delivery.settle() && held.succeeded(delivery);
  }

  private void accept(Lane lane, KafkaDelivery delivery) {
    note("accept", lane, delivery.offset());
    must(accepted(delivery), "a delivery of ours is accepted");
    lane.open.remove(delivery.offset());
    lane.neverAccepted.remove(delivery.offset());
    over.add(delivery);
  }

  private void acceptWhatIsOver() {
    if (!over.isEmpty()) {
      KafkaDelivery delivery = over.get(random.nextInt(over.size()));
      note("accept what is over", lanes[delivery.lane()], delivery.offset());
      must(!accepted(delivery), "what is settled, or of another assignment, is not accepted");
    }
  }

  private void release(Lane lane, KafkaDelivery delivery) {
    note("release", lane, delivery.offset());
    must(held.isOurs(delivery) && delivery.settle(), "a delivery of ours is released");
    waiting.hold(delivery, 0);
    over.add(delivery); // and yet its offset stays open
  }

  private void comeBack() {
    for (KafkaDelivery delivery : waiting.take(0, Integer.MAX_VALUE)) {
      handedOut(lanes[delivery.lane()], held.handOutAgain(delivery));
    }
  }

  private void commit() {
    coordinator.refusal =
        switch (random.nextInt(8)) {
          case 0 -> new RebalanceInProgressException();
          case 1 -> new CommitFailedException();
          case 2 -> new TimeoutException("not stored");
          default -> null;
        };
    coordinator.answersTooLate = random.nextInt(6) == 0;
    String refusal = coordinator.refusal == null ? "" : ", refused";
    story.append("commit").append(refusal);
    story.append(coordinator.answersTooLate ? ", answered too late\n" : "\n");
    commits.commit();
    boolean answered = coordinator.refusal == null && !coordinator.answersTooLate;
    for (Lane lane : lanes) {
      if (answered && lane.ours) {
        long committed = coordinator.committed.getOrDefault(lane.number, 0L);
        boolean nothingNew = lane.begin < 0 || lane.reached() <= lane.begin;
        must(
            nothingNew || committed == lane.reached(),
            "lane " + lane.number + " is at " + committed + ", not at " + lane.reached());
      }
    }
  }

  private void assign(Lane lane) {
    if (!lane.ours) {
      note("assign", lane, -1);
      lane.ours = true;
      long from = coordinator.committed.getOrDefault(lane.number, 0L);
      lane.next = (int) lane.offsets.stream().filter(offset -> offset < from).count();
      lane.position = from;
      lane.begin = -1;
      held.assign(Set.of(lane.number));
    }
  }

  private void revoke(Lane lane) {
    if (lane.ours) {
      note("revoke", lane, -1);
      commit();
      leave(lane);
      held.drop(Set.of(lane.number));
    }
  }

  private void lose(Lane lane) {
    if (lane.ours) {
      note("lose", lane, -1);
      leave(lane);
      held.drop(Set.of(lane.number));
    }
  }

  private void leave(Lane lane) {
    over.addAll(lane.open.values());
    lane.open.clear();
    lane.ours = false;
    waiting.drop(Set.of(lane.number));
  }

  /** The topic was made anew: its offsets mean other messages. */
  private void remake(Lane lane) {
    if (lane.ours && random.nextInt(4) == 0) {
      note("remake", lane, -1);
      leave(lane);
      held.forget(Set.of(lane.number));
      lanes[lane.number] = new Lane(lane.number, random);
      coordinator.committed.remove(lane.number);
      assign(lanes[lane.number]);
    }
  }

  private void check() {
    for (Lane lane : lanes) {
      long committed = coordinator.committed.getOrDefault(lane.number, 0L);
      must(
          lane.neverAccepted.isEmpty() || committed <= lane.neverAccepted.first(),
          "lane " + lane.number + " commits " + committed + " past what was not accepted");
      must(
          !lane.ours || committed <= lane.reached() || lane.open.isEmpty(),
          "lane " + lane.number + " commits " + committed + " past what is open");
    }
  }

  private void note(String what, Lane lane, long offset) {
    story.append(what).append(" lane ").append(lane.number).append(' ').append(offset);
    story.append('\n');
  }

  private String told(String fact) {
    return name + ": not true that " + fact + ", after\n" + story;
  }

  private void must(boolean holds, String fact) {
    if (!holds) {
      fail(told(fact));
    }
  }
}
