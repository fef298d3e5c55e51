// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.micro;

import io.bowline.gap.BodyCheck;
import io.bowline.gap.GapDetector;
import io.bowline.gap.Sight;
import io.bowline.message.Digest;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.util.List;
import java.util.Map;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs one message that its loss would be seen: the stamp with its numbers and digest at
 * the producer; its reading, the comparison of the digest, and the detector's two looks at the
 * consumer. The rest of a message's way is left out, to be set against the end-to-end runs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LossDetectionBenchmark {
  private static final int LANES = 8;
  private static final int KEYS = 10_000;
  private static final String TOPIC = "benchmark";
  private static final String ID = "0199e7a2-7c1b-7000-8000-3f2a9c51d0aa";

  /** The messages between two savings of what was completed. */
  private static final int MESSAGES_A_SAVING = 512;

  /** Bytes of a body. */
  @Param({"100", "1024"})
  public int body = 100;

  private final StampCodec.Writer writer = StampCodec.writer("trade-service", 0x19aa3c5e8d01f2L);
  private final Digest digest = new Digest(TOPIC);
  private final BodyCheck check = new BodyCheck(TOPIC);
  private final GapDetector detector = new GapDetector(TOPIC, "group", GapDetector.DEFAULT_GRACE);
  private final String[] keys = new String[KEYS];
  private final Origin[] origins = new Origin[LANES];
  private byte[] bytes = {};
  private long sent;

  /** Makes what the messages share, and has the detector keep its lanes' states. */
  @Setup
  public void prepare() {
    bytes = new byte[body];
    for (int key = 0; key < KEYS; key++) {
      keys[key] = "key-" + key;
    }
    for (int lane = 0; lane < LANES; lane++) {
      origins[lane] = new Origin(TOPIC, lane, "0", ID);
      detector.restore(lane, List.of(), 0);
    }
  }

  private Map<String, String> stamped(long number) {
    long ofLane = number / LANES + 1;
    LaneNumber lane =
        new LaneNumber(
            (int) (number % LANES),
            ofLane,
            Math.min(ofLane - 1, 5),
            List.of(),
            0,
            LaneNumber.NOT_KNOWN);
    KeyNumber key = new KeyNumber(number / KEYS + 1, 0, number < KEYS);
    return Map.of(StampCodec.HEADER, writer.write(ID, key, lane, digest.of(bytes)));
  }

  /** The stamp. */
  @Benchmark
  public Map<String, String> stamping() {
    return stamped(sent++);
  }

  /** The stamp, and all that a consumer does with it. */
  @Benchmark
  public Sight stampingAndDetection(Blackhole saved) {
    long number = sent++;
    int lane = (int) (number % LANES);
    String key = keys[(int) (number % KEYS)];
    Received message = Received.of(origins[lane], key, stamped(number), bytes);
    saved.consume(check.look(message));
    Sight sight = detector.arrived(lane, message, false, 1_000);
    detector.completed(lane, message, false);
    if (number % MESSAGES_A_SAVING == 0) {
      saved.consume(detector.takeChanged());
    }
    return sight;
  }
}
