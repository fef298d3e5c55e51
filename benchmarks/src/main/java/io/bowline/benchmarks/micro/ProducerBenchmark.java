// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.micro;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.transport.Receipt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole way of a message through the producer, over a transport that confirms it: the window,
 * the key's line, the stamp, the outcome. A full window holds the callers back, so that the time is
 * that of the slowest stage.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ProducerBenchmark {
  private static final int KEYS = 10_000;

  /** Who confirms: the sending thread at once, or one thread in batches. */
  @Param({"at-once", "threaded"})
  public String confirmed = "at-once";

  private final String[] keys = new String[KEYS];
  private final byte[] body = new byte[100];
  private Bowline bowline = Bowline.connect("none://at-once");
  private ReliableProducer producer = bowline.producer("benchmark").open();

  /** Draws keys. */
  @State(Scope.Thread)
  public static class Caller {
    private final SplittableRandom random = new SplittableRandom(1);
  }

  /** Opens the producer. */
  @Setup
  public void open() {
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "key-" + i;
    }
    bowline.close();
    bowline = Bowline.connect("none://" + confirmed);
    producer = bowline.producer("benchmark").open();
  }

  /** Closes it. */
  @TearDown
  public void close() {
    bowline.close();
  }

  private CompletableFuture<Receipt> send(Caller caller) {
    String key = keys[caller.random.nextInt(KEYS)];
    return producer.send(Message.to("benchmark").key(key).body(body));
  }

  /** One caller who does not wait. */
  @Benchmark
  public CompletableFuture<Receipt> oneCaller(Caller caller) {
    return send(caller);
  }

  /** Four callers who do not wait. */
  @Benchmark
  @Threads(4)
  public CompletableFuture<Receipt> fourCallers(Caller caller) {
    return send(caller);
  }

  /** One caller who waits for each receipt. */
  @Benchmark
  public Receipt oneByOne(Caller caller) {
    return send(caller).join();
  }
}
