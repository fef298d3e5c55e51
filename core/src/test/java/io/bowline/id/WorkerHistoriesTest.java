// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Processes that begin, crash, end, stand still and have their clocks set, on a store that fails
 * and loses answers: no id is drawn twice, as long as the store forgets nothing.
 */
class WorkerHistoriesTest {
  private static final int HISTORIES = Boolean.getBoolean("bowline.long") ? 20_000 : 500;
  private static final Duration LENGTH = Duration.ofSeconds(30);
  private static final Duration COOL_DOWN = Duration.ofSeconds(5);
  private static final long SEED = Long.getLong("bowline.seed", 4_711);

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(LeasedWorker.class);

  /** What fails by the thousand is not told. */
  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(null);
  }

  /** A process: its ids, and the clock of its machine. */
  private record Member(SetTime clock, LeasedWorker worker, SnowflakeIds ids) {}

  private static final class World {
    final SplittableRandom random;
    final SetTime storeClock = new SetTime();
    final ModelLeases store = new ModelLeases(storeClock::millis);
    final List<Member> processes = new ArrayList<>();
    final Set<String> drawn = new HashSet<>();
    final Map<Use, long[]> uses = new HashMap<>();
    int ids;

    /** A worker id under one lease. */
    record Use(int worker, Member by, long floor) {}

    World(long seed) {
      random = new SplittableRandom(seed);
    }

    void run() {
      for (int step = 0; step < 400; step++) {
        store.unreachable = random.nextInt(10) == 0;
        store.mute = random.nextInt(10) == 0;
        act(random.nextInt(10));
        timeGoesOn();
      }
      checkUses();
    }

    private void act(int what) {
      if (processes.size() < 3) {
        begin();
        return;
      }
      Member one = processes.get(random.nextInt(processes.size()));
      switch (what) {
        case 0 -> processes.remove(one); // as kill -9
        case 1 -> end(one);
        case 2 -> one.clock.jump(random.nextLong(-120_000, 120_000));
        case 3 -> storeClock.jump(random.nextLong(-60_000, 60_000));
        case 4, 5, 6 -> processes.forEach(process -> process.worker.step());
        default -> processes.forEach(this::draw);
      }
    }

    private void begin() {
      SetTime clock = new SetTime();
      clock.setBy = storeClock.millis() - SetTime.START + random.nextLong(-20_000, 20_000);
      LeasedWorker worker =
          new LeasedWorker(
              store,
              new LeasedWorker.Settings(new WorkerRange(0, 3), LENGTH, COOL_DOWN, clock.time()));
      boolean unused = worker.step();
      processes.add(
          new Member(clock, worker, new SnowflakeIds(worker, clock.time(), Duration.ZERO)));
    }

    private void end(Member one) {
      one.ids.close();
      one.worker.giveBack();
      processes.remove(one);
    }

    private void draw(Member one) {
      for (int i = 0; i < 3; i++) {
        try {
          String id = one.ids.next();
          ids++;
          assertTrue(drawn.add(id), "twice: " + id);
          use(one, id);
        } catch (IdsUnavailable refused) {
          return;
        }
      }
    }

    private void use(Member one, String id) {
      int worker = SnowflakeIds.workerOf(id).orElseThrow();
      long millis = SnowflakeIds.millis(id).orElseThrow();
      Use use = new Use(worker, one, one.worker.hold().floor());
      uses.merge(use, new long[] {millis, millis}, (a, b) -> new long[] {a[0], b[1]});
    }

    /** The times at which a worker id was used under two leases lie apart. */
    private void checkUses() {
      List<Map.Entry<Use, long[]>> byTime = new ArrayList<>(uses.entrySet());
      byTime.sort(Comparator.comparingLong(use -> use.getValue()[0]));
      Map<Integer, Long> usedUpTo = new HashMap<>();
      for (Map.Entry<Use, long[]> use : byTime) {
        long before = usedUpTo.getOrDefault(use.getKey().worker, -1L);
        assertTrue(use.getValue()[0] > before, () -> "two used worker id " + use.getKey().worker);
        usedUpTo.merge(use.getKey().worker, use.getValue()[1], Math::max);
      }
    }

    /** A machine that stands still for a while keeps the time of day, and not its counter. */
    private void timeGoesOn() {
      long millis = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(500);
      storeClock.goOn(millis);
      for (Member process : processes) {
        if (random.nextInt(20) == 0) {
          process.clock.jump(millis);
        } else {
          process.clock.goOn(millis);
        }
      }
    }
  }

  @Test
  void noIdIsDrawnTwiceWhateverClocksAndProcessesDo() {
    long drawn = 0;
    for (int i = 0; i < HISTORIES; i++) {
      World world = new World(SEED + i);
      try {
        world.run();
      } catch (AssertionError twice) {
        throw new AssertionError("with -Dbowline.seed=" + (SEED + i), twice);
      }
      drawn += world.ids;
    }
    assertTrue(drawn > HISTORIES * 20L, "only " + drawn + " ids were drawn");
  }
}
