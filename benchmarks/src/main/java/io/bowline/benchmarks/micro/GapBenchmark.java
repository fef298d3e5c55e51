// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.micro;

import io.bowline.gap.GapDetector;
import io.bowline.gap.Sight;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the gap detector does with an arrival: messages in order, of one producer and as many lanes
 * as chains are asked for, read from their headers before. Once they are through, the lanes begin
 * anew, which is a small part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GapBenchmark {
  private static final int MESSAGES = 1 << 18;

  /** How many chains there are. */
  @Param({"1", "1000"})
  public int chains = 1_000;

  /** How many keys there are; 0 for messages without key. */
  @Param({"0", "10000", "100000"})
  public int keys = 10_000;

  private final Received[] messages = new Received[MESSAGES];
  private final int[] lanes = new int[MESSAGES];
  private GapDetector detector = fresh();
  private int next;

  private static GapDetector fresh() {
    return new GapDetector("benchmark", "group", GapDetector.DEFAULT_GRACE);
  }

  /** Writes the messages. */
  @Setup
  public void write() {
    SplittableRandom random = new SplittableRandom(1);
    int[] ofKeys = new int[Math.max(1, keys)];
    for (int i = 0; i < MESSAGES; i++) {
      int key = keys == 0 ? 0 : random.nextInt(keys);
      int lane = (keys == 0 ? i : key) % chains;
      ofKeys[key]++;
      lanes[i] = lane;
      messages[i] = message(lane, inLane(lane), keys == 0 ? -1 : key, ofKeys[key]);
    }
  }

  private int[] inLanes = new int[0];

  private int inLane(int lane) {
    if (inLanes.length < chains) {
      inLanes = new int[chains];
    }
    return ++inLanes[lane];
  }

  private static Received message(int lane, long inLane, int key, long ofKey) {
    LaneNumber ofLane =
        new LaneNumber(lane, inLane, Math.min(inLane - 1, 5), List.of(), 0, LaneNumber.NOT_KNOWN);
    KeyNumber number = key < 0 ? null : new KeyNumber(ofKey, 0, false);
    Stamp stamp = new Stamp("id", "trade-service", 0x19aa3c5e8d01f2L, number, ofLane, 7);
    Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
    Origin origin = new Origin("benchmark", lane, "0", "id");
    return Received.of(origin, key < 0 ? null : "key-" + key, headers, new byte[0]);
  }

  /** One arrival. */
  @Benchmark
  public Sight observe() {
    if (next == MESSAGES) {
      next = 0;
      detector = fresh();
    }
    int at = next++;
    return detector.arrived(lanes[at], messages[at], false, 1_000);
  }
}
