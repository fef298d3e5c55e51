// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.jdbc.VersionRule.Step;
import io.bowline.message.Stamp.KeyNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Streams of one key in which numbers are voided, lost, doubled and out of order, beside a model
 * that is told the truth: what was given up, and what took effect.
 */
final class VersionRulePropertiesTest {
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());
  private static final int STREAMS = Boolean.getBoolean("bowline.long") ? 100_000 : 1_000;
  private static final int LENGTH = 30;
  private static final long WAITS = 100;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** One stream, and what became of its messages. */
  private final class World {
    final VersionRule rule;
    final List<KeyNumber> sent = new ArrayList<>();
    final TreeSet<Long> voided = new TreeSet<>();
    final TreeSet<Long> lost = new TreeSet<>();
    final List<Long> applied = new ArrayList<>();
    VersionState state = VersionState.NEW;
    long now = 1;

    World(boolean acceptsHoles) {
      rule = new VersionRule(VersionRule.Epochs.APART, false, WAITS, acceptsHoles);
    }

    /**
     * Some numbers are never used, which the next message tells; some of those come all the same.
     */
    void send(boolean losses) {
      long number = 0;
      while (number < LENGTH) {
        long given = random.nextInt(5) == 0 ? random.nextLong(1, 3) : 0;
        for (long n = number + 1; n <= number + given; n++) {
          voided.add(n);
          if (random.nextInt(3) == 0) {
            sent.add(new KeyNumber(n, 0, false));
          }
        }
        number += given + 1;
        KeyNumber next = new KeyNumber(number, given, false);
        if (losses && random.nextInt(10) == 0) {
          lost.add(number);
          for (long n = number - given; n < number; n++) {
            lost.add(n); // nobody tells that it was voided
          }
        } else {
          sent.add(next);
        }
      }
    }

    /** Whether it is settled: it took effect, or never will. */
    boolean deliver(KeyNumber number) {
      Step step = rule.of(state, number, 1, now);
      switch (step.verdict()) {
        case APPLY, APPLY_PAST_HOLE -> {
          if (random.nextInt(4) == 0) {
            return false; // its handler fails, so nothing is committed
          }
          took(number.sequence(), step);
        }
        case DONE -> assertTrue(applied.contains(number.sequence()), this::told);
        case LATE -> {
          assertTrue(!applied.contains(number.sequence()), this::told);
          assertTrue(number.sequence() < state.last(), this::told);
        }
        case WAIT, MISSING -> {
          state = step.next();
          return false;
        }
        case BACK -> throw new AssertionError(told());
      }
      return true;
    }

    private void took(long number, Step step) {
      long before = applied.isEmpty() ? 0 : applied.get(applied.size() - 1);
      assertTrue(number > before, () -> number + " twice or late: " + told());
      for (long n = before + 1; n < number; n++) {
        long hole = n;
        boolean explained = voided.contains(n) || rule.acceptsHoles();
        assertTrue(explained, () -> hole + " was passed over: " + told());
      }
      applied.add(number);
      state = VersionStateText.copy(step.next());
    }

    String told() {
      return "seed " + SEED + ", sent " + sent + ", applied " + applied + ", state " + state;
    }
  }

  /** As a database keeps it. */
  private static final class VersionStateText {
    static VersionState copy(VersionState state) {
      return new VersionState(
          state.epoch(),
          state.last(),
          NumberRanges.read(state.without().text()),
          state.waitsFirst(),
          state.waitsLast(),
          state.waitsSince());
    }
  }

  /** In any order, each of them once and again, until nothing changes. */
  private void deliverAll(World world) {
    List<KeyNumber> open = new ArrayList<>(world.sent);
    for (int turn = 0; turn < 100 * LENGTH && !open.isEmpty(); turn++) {
      world.now += random.nextLong(3);
      KeyNumber number = open.get(random.nextInt(Math.min(open.size(), 6)));
      boolean settled = world.deliver(number);
      if (settled) {
        open.remove(number);
      }
      if (random.nextInt(4) == 0) {
        boolean unused = world.deliver(world.sent.get(random.nextInt(world.sent.size())));
      }
    }
  }

  @Test
  void withoutLossesAllTakeEffectOnceAndInOrder() {
    for (int stream = 0; stream < STREAMS; stream++) {
      World world = new World(false);
      world.send(false);
      deliverAll(world);
      for (KeyNumber number : world.sent) {
        boolean may = world.voided.contains(number.sequence());
        assertTrue(may || world.applied.contains(number.sequence()), world::told);
      }
    }
  }

  @Test
  void whereNumbersAreLostNothingBehindThemTakesEffect() {
    for (int stream = 0; stream < STREAMS; stream++) {
      World world = new World(false);
      world.send(true);
      deliverAll(world);
      long end = world.lost.stream().filter(n -> !world.voided.contains(n)).findFirst().orElse(99L);
      assertTrue(world.applied.stream().allMatch(n -> n < end), world::told);
    }
  }

  @Test
  void whereHolesAreAcceptedAllThatCameTakeEffectOrAreToldToBeLate() {
    for (int stream = 0; stream < STREAMS; stream++) {
      World world = new World(true);
      world.send(true);
      deliverAll(world);
      long now = world.now;
      for (int round = 0; round < 3 * LENGTH; round++) {
        world.now += WAITS;
        world.sent.forEach(number -> world.deliver(number));
      }
      assertTrue(world.now > now);
      TreeSet<Long> applied = new TreeSet<>(world.applied);
      assertEquals(applied.size(), world.applied.size(), world::told);
      KeyNumber highest = world.sent.get(world.sent.size() - 1);
      assertTrue(applied.contains(highest.sequence()), world::told);
      for (KeyNumber number : world.sent) {
        boolean late = world.state.without().has(number.sequence());
        assertTrue(late != applied.contains(number.sequence()), world::told);
      }
    }
  }
}
