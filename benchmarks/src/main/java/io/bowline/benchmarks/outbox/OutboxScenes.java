// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.stage.Stage;
import java.io.PrintStream;

/** Measures the outbox on PostgreSQL and Kafka, and prints its tables as Markdown. */
public final class OutboxScenes {
  /** How many selects a middling transaction has, besides an update and an insert. */
  private static final int FEW_READS = 3;

  private final Options options;
  private final PrintStream out;

  /** Prints to this. */
  public OutboxScenes(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Measures what it costs to append, how fast one relay drains, and how soon it does. */
  public void run() throws Exception {
    out.printf("%n## The outbox%n");
    Stage appends = new Stage(options, out, "transactions/s");
    appends.play(() -> new AppendScene(0));
    appends.play(() -> new AppendScene(FEW_READS));
    new Stage(options, out, "messages/s").play(DrainScene::new);
    new LatencyScene(options, out).run();
  }
}
