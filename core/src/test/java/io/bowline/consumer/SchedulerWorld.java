// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A consumer on three lanes without threads: what its polling thread, its handlers and its timers
 * do, one step at a time and in any order, beside a simple model of what they may do.
 */
final class SchedulerWorld {
  private static final int LANES = 3;
  private static final int KEYS = 3;
  private static final int MOST_MESSAGES = 8;
  private static final int MOST_BYTES = 100;

  private final Random random;
  private final String name;
  private final StringBuilder story = new StringBuilder();
  private final KeyScheduler scheduler = new KeyScheduler(1);
  private final HeldWork held = new HeldWork(MOST_MESSAGES, MOST_BYTES);
  private final Lane[] lanes = new Lane[LANES];
  private final Map<Work, Sent> works = new HashMap<>();
  private final List<WorkLine> runnable = new ArrayList<>();
  private final List<Busy> busy = new ArrayList<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final Deque<Work> finished = new ArrayDeque<>();
  private final Map<String, Integer> effects = new HashMap<>();

  /** A message of a lane: the {@code number}-th of its key, from 1. */
  private record Sent(int lane, @Nullable String key, int number, int bytes) {}

  private record Busy(WorkLine line, Work work) {}

  private record Pause(WorkLine line, int number) {}

  /** A lane at the broker. */
  private static final class Lane {
    final List<Sent> log = new ArrayList<>();
    final Set<Sent> accepted = new HashSet<>();
    boolean ours = true;
    int next;
  }

  SchedulerWorld(long seed, String name, int messages) {
    this.random = new Random(seed);
    this.name = name;
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = new Lane();
      Map<String, Integer> numbers = new HashMap<>();
      for (int i = 0; i < messages; i++) {
        boolean unkeyed = random.nextInt(KEYS + 1) == 0;
        String key = unkeyed ? null : lane + "-" + random.nextInt(KEYS);
        int number = unkeyed ? i : numbers.merge(key, 1, Integer::sum);
        lanes[lane].log.add(new Sent(lane, key, number, random.nextInt(40)));
      }
    }
  }

  void play(int steps) {
    for (int step = 0; step < steps; step++) {
      step(lanes[random.nextInt(LANES)]);
    }
    for (Lane lane : lanes) {
      assign(lane);
    }
    for (int turn = 0; turn < 1_000 && !drained(); turn++) {
      poll();
      List.copyOf(runnable).forEach(this::run);
      List.copyOf(busy).forEach(this::succeed);
      List.copyOf(pauses).forEach(this::resume);
      settle(finished.size());
    }
    must(drained(), "everything is drained");
    List.copyOf(runnable).forEach(this::run); // each looks once more, and finds nothing
    must(held.messages() == 0, "nothing is held");
    must(runnable.isEmpty() && busy.isEmpty() && pauses.isEmpty(), "no line is left over");
    for (String key : effects.keySet()) {
      boolean idle = scheduler.add(Works.of(new LaneWork(0), key, 0)).isPresent();
      must(idle, "key " + key + " is idle");
    }
  }

  private boolean drained() {
    for (Lane lane : lanes) {
      if (lane.accepted.size() < lane.log.size()) {
        return false;
      }
    }
    return true;
  }

  private void step(Lane lane) {
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> poll();
      case 3, 4, 5 -> any(runnable).ifPresent(this::run);
      case 6, 7, 8 -> any(busy).ifPresent(this::succeed);
      case 9 -> any(busy).ifPresent(this::fail);
      case 10 -> any(pauses).ifPresent(this::resume);
      case 11, 12 -> settle(1 + random.nextInt(3));
      case 13 -> leave(lane, true);
      case 14 -> leave(lane, false);
      default -> assign(lane);
    }
  }

  private <T> Optional<T> any(List<T> of) {
    return of.isEmpty() ? Optional.empty() : Optional.of(of.get(random.nextInt(of.size())));
  }

  private void poll() {
    int room = held.room();
    int bytes =
        works.keySet().stream()
            .filter(work -> work.lane.isOpen())
            .mapToInt(work -> work.delivery.body().length)
            .sum();
    must(bytes < MOST_BYTES || held.messages() == 0 || room == 0, "bytes are bounded");
    for (int i = 0; i < room; i++) {
      Lane lane = lanes[random.nextInt(LANES)];
      if (lane.ours && lane.next < lane.log.size()) {
        Sent sent = lane.log.get(lane.next++);
        if (!lane.accepted.contains(sent)) {
          arrive(sent);
        }
      }
    }
    must(held.messages() <= MOST_MESSAGES, "messages are bounded");
  }

  private void arrive(Sent sent) {
    note("arrives", sent);
    Work work = Works.of(held.lane(sent.lane), sent.key, sent.bytes);
    works.put(work, sent);
    held.arrived(work);
    scheduler.add(work).ifPresent(this::toRun);
    for (Busy at : busy) {
      boolean fresh = at.line.works.stream().skip(1).allMatch(one -> one.lane.isOpen());
      must(fresh || !at.line.works.contains(work), "what is stale is let go");
    }
    for (Pause at : pauses) {
      must(!at.line.works.contains(work) || !at.line.waitsInVain(), "nothing waits in vain");
    }
  }

  private void toRun(WorkLine line) {
    must(!runnable.contains(line), "a line is run by one thread");
    must(busy.stream().noneMatch(at -> at.line == line), "a line at work is not run again");
    runnable.add(line);
  }

  /** A handler thread takes the front of a line. */
  private void run(WorkLine line) {
    runnable.remove(line);
    Work work = scheduler.front(line);
    if (work == null) {
      return;
    }
    if (!work.lane.begin()) {
      scheduler.done(line);
      toRun(line);
      return;
    }
    Sent sent = sent(work);
    note("begins", sent);
    String key = sent.key;
    if (key != null) {
      must(
          busy.stream().noneMatch(at -> key.equals(at.line.key)), "one of key " + key + " at once");
      int before = effects.getOrDefault(key, 0);
      must(sent.number <= before + 1, sent + " begins after effect " + before);
    }
    busy.add(new Busy(line, work));
  }

  private Sent sent(Work work) {
    Sent sent = works.get(work);
    if (sent == null) {
      throw new AssertionError(told("what begins is held"));
    }
    return sent;
  }

  private void succeed(Busy at) {
    busy.remove(at);
    Sent sent = sent(at.work);
    note("succeeds", sent);
    if (sent.key != null) {
      effects.merge(sent.key, sent.number, Math::max);
    }
    scheduler.done(at.line);
    finished.add(at.work);
    at.work.lane.end();
    toRun(at.line);
  }

  private void fail(Busy at) {
    busy.remove(at);
    note("fails", sent(at.work));
    at.work.lane.end();
    boolean seenInTime = random.nextBoolean(); // a lane may be closed just after that look
    if (seenInTime && !at.work.lane.isOpen()) {
      scheduler.done(at.line);
      toRun(at.line);
      return;
    }
    OptionalInt pause = scheduler.pause(at.line);
    if (pause.isPresent()) {
      must(at.work.lane.isOpen(), "no line waits for a try that will not be");
      pauses.add(new Pause(at.line, pause.getAsInt()));
    } else {
      toRun(at.line);
    }
  }

  private void resume(Pause pause) {
    pauses.remove(pause);
    boolean newer =
        pauses.stream().anyMatch(at -> at.line == pause.line && at.number > pause.number);
    if (scheduler.resume(pause.line, pause.number)) {
      must(!newer, "the timer of an earlier pause ends no later one");
      toRun(pause.line);
    }
    must(!scheduler.resume(pause.line, pause.number), "a pause ends once");
  }

  private void settle(int most) {
    for (int i = 0; i < most && !finished.isEmpty(); i++) {
      Work work = finished.remove();
      Sent sent = sent(work);
      if (lanes[sent.lane].ours && held.lane(sent.lane) == work.lane) {
        lanes[sent.lane].accepted.add(sent);
      }
      held.settled(work);
      works.remove(work);
    }
  }

  /** Gives a lane away; in order, it waits for some of what is at work on it. */
  private void leave(Lane lane, boolean inOrder) {
    if (!lane.ours) {
      return;
    }
    int number = List.of(lanes).indexOf(lane);
    story.append(inOrder ? "gives away " : "loses ").append(number).append('\n');
    List<LaneWork> leaving = held.remove(Set.of(number));
    if (inOrder) {
      for (Busy at : List.copyOf(busy)) {
        if (leaving.contains(at.work.lane) && random.nextBoolean()) {
          succeed(at);
          lane.accepted.add(sent(at.work)); // it is still ours
        }
      }
    }
    lane.ours = false;
    works.entrySet().removeIf(held -> isForgotten(held.getKey(), held.getValue(), number));
  }

  /** What came of a lane that is gone, except what a handler is at work on or has finished. */
  private boolean isForgotten(Work work, Sent sent, int lane) {
    return sent.lane == lane
        && !finished.contains(work)
        && busy.stream().noneMatch(at -> at.work == work);
  }

  /** The lane comes back, and with it, from the oldest on, what was not accepted. */
  private void assign(Lane lane) {
    if (!lane.ours) {
      story.append("is given ").append(List.of(lanes).indexOf(lane)).append('\n');
      lane.ours = true;
      lane.next = 0;
    }
  }

  private void note(String what, Sent sent) {
    story.append(sent).append(' ').append(what).append('\n');
  }

  private String told(String fact) {
    return name + ": not true that " + fact + ", after\n" + story;
  }

  private void must(boolean holds, String fact) {
    if (!holds) {
      throw new AssertionError(told(fact));
    }
  }
}
