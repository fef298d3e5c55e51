// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.micro;

import io.bowline.id.BlockIds;
import io.bowline.id.MessageIds;
import io.bowline.id.SnowflakeIds;
import io.bowline.id.UuidV7Ids;
import io.bowline.testkit.memory.InMemoryIdBlocks;
import io.bowline.testkit.memory.InMemoryWorkerLeases;
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
 * What drawing one id costs, with the stores in memory: what a process does between two answers of
 * its store. {@code -t 2} draws with two threads. Snowflake ids end at 4.1 a microsecond, since
 * there are no more in a millisecond.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IdBenchmark {

  /** Which ids are drawn; a number is that of a block. */
  @Param({"uuid", "snowflake", "snowflake-leased", "blocks-1000", "blocks-100000"})
  public String kind = "uuid";

  private MessageIds ids = UuidV7Ids.system();

  /** Opens the ids. */
  @Setup
  public void open() {
    ids =
        switch (kind) {
          case "uuid" -> UuidV7Ids.system();
          case "snowflake" -> SnowflakeIds.worker(7).open();
          case "snowflake-leased" -> SnowflakeIds.leased(new InMemoryWorkerLeases()).open();
          default ->
              BlockIds.of(new InMemoryIdBlocks())
                  .blockSize(Integer.parseInt(kind.replace("blocks-", "")))
                  .open();
        };
  }

  /** One id. */
  @Benchmark
  public String next() {
    return ids.next();
  }
}
