// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.effects;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.stage.Stage;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Measures effects that happen once, and prints their tables as Markdown. */
public final class Effects {
  /** How many selects a middling transaction has, besides an update and an insert. */
  private static final int FEW_READS = 3;

  private final Options options;
  private final PrintStream out;

  /** Prints to this. */
  public Effects(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Measures on all stores. */
  public void run() throws Exception {
    out.printf("%n## Effects once%n");
    List<Stage.Opener> openers =
        List.of(
            () -> InboxScene.onPostgres(0),
            () -> InboxScene.onPostgres(FEW_READS),
            () -> InboxScene.onMariaDb(0),
            () -> InboxScene.onMariaDb(FEW_READS),
            RedisScene::new,
            () -> new PurgeScene(oldRows()));
    Stage stage = new Stage(options, out, "effects/s");
    for (Stage.Opener opener : openers) {
      stage.play(opener);
    }
  }

  /** As many as a busy service has, unless the turns are too short to tell anything. */
  private int oldRows() {
    return options.time().compareTo(Duration.ofSeconds(1)) < 0 ? 10_000 : 1_000_000;
  }
}
