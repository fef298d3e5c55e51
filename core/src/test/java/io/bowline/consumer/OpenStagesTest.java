// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenStagesTest {
  private final OpenStages open = new OpenStages(2);
  private final WorkLine a = new WorkLine("a");
  private final WorkLine b = new WorkLine("b");
  private final WorkLine c = new WorkLine("c");

  @Test
  void noMoreThanTheLimitAreAtWork() {
    assertTrue(open.enter(a));
    assertTrue(open.enter(b));
    assertFalse(open.enter(c));
  }

  @Test
  void whoIsAtWorkMayGoOn() {
    assertTrue(open.enter(a));
    assertTrue(open.enter(a));
    assertTrue(open.enter(b), "a counts once");
  }

  @Test
  void whoWaitsFollowsWhoLeaves() {
    assertTrue(open.enter(a));
    assertTrue(open.enter(b));
    assertFalse(open.enter(c));
    assertSame(c, open.leave(a));
    assertTrue(open.enter(c));
    assertFalse(open.enter(a), "the place of a is taken");
  }

  @Test
  void leavingTwiceGivesOnePlace() {
    assertTrue(open.enter(a));
    assertTrue(open.enter(b));
    assertNull(open.leave(a));
    assertNull(open.leave(a));
    assertTrue(open.enter(c));
    assertFalse(open.enter(a));
  }

  @Test
  void atRandomTheLimitHoldsNobodyIsForgottenAndTheOldestGoesFirst() {
    for (long seed = 0; seed < 200; seed++) {
      new Story(seed).play();
    }
  }

  /** Lines that come and leave by chance, beside a simple model. */
  private static final class Story {
    private final String seed;
    private final Random random;
    private final int limit;
    private final OpenStages stages;
    private final Set<WorkLine> atWork = new HashSet<>();
    private final Queue<WorkLine> waiting = new ArrayDeque<>();

    Story(long seed) {
      this.seed = "seed " + seed;
      this.random = new Random(seed);
      this.limit = 1 + random.nextInt(4);
      this.stages = new OpenStages(limit);
    }

    void play() {
      List<WorkLine> lines = IntStream.range(0, 8).mapToObj(i -> new WorkLine("k" + i)).toList();
      for (int step = 0; step < 200; step++) {
        WorkLine line = lines.get(random.nextInt(lines.size()));
        if (atWork.remove(line)) {
          left(line);
        } else if (!waiting.contains(line)) {
          boolean entered = stages.enter(line);
          assertEquals(atWork.size() < limit, entered, seed);
          boolean unused = entered ? atWork.add(line) : waiting.add(line);
        }
      }
    }

    private void left(WorkLine line) {
      WorkLine next = stages.leave(line);
      assertEquals(waiting.poll(), next, seed);
      if (next != null) {
        atWork.add(next);
      }
    }
  }
}
