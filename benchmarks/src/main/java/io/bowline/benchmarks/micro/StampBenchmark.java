// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.micro;

import io.bowline.id.UuidV7Ids;
import io.bowline.message.Digest;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A stamp written and read, and an id drawn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StampBenchmark {
  private final UuidV7Ids ids = UuidV7Ids.system();
  private final String id = ids.next();
  private final String text = StampCodec.write(stamp(1_000_000));
  private final StampCodec.Writer writer = StampCodec.writer("trade-service", 0x19aa3c5e8d01f2L);
  private final Digest digest = new Digest("benchmark");
  private final byte[] body = new byte[100];
  private long sequence = 1_000_000;

  private Stamp stamp(long number) {
    KeyNumber ofKey = new KeyNumber(number, 0, false);
    LaneNumber ofLane = new LaneNumber(7, number, 200, List.of(), 0, LaneNumber.NOT_KNOWN);
    return new Stamp(id, "trade-service", 0x19aa3c5e8d01f2L, ofKey, ofLane, number & 0xffff_ffffL);
  }

  /** An id. */
  @Benchmark
  public String id() {
    return ids.next();
  }

  /** A stamp as text. */
  @Benchmark
  public String write() {
    long number = sequence++;
    LaneNumber ofLane = new LaneNumber(7, number, 200, List.of(), 0, LaneNumber.NOT_KNOWN);
    return writer.write(id, new KeyNumber(number, 0, false), ofLane, number & 0xffff_ffffL);
  }

  /** The digest of a body of 100 bytes. */
  @Benchmark
  public long digest() {
    return digest.of(body);
  }

  /** A stamp from text. */
  @Benchmark
  public Optional<Stamp> read() {
    return StampCodec.read(text);
  }
}
