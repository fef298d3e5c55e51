// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import io.bowline.benchmarks.consume.Consuming;
import io.bowline.benchmarks.effects.Effects;
import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.measure.Options.Side;
import io.bowline.benchmarks.outbox.OutboxScenes;
import io.bowline.benchmarks.send.Sending;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Plays the matches that the command line asks for, and prints their tables as Markdown. */
public final class Benchmarks {
  private final Options options;
  private final PrintStream out;

  Benchmarks(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Runs; {@code benchmarks/run} is the convenient way to it. */
  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--help")) {
      System.out.println(Options.USAGE);
      return;
    }
    new Benchmarks(Options.parse(args), System.out).run();
    // Clients may have left threads that are no daemons.
    System.exit(0);
  }

  void run() throws Exception {
    out.printf(
        "%s, %d processors, Java %s; %d rounds of %.1f s after %d warm-ups%n",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        options.rounds(),
        options.time().toMillis() / 1e3,
        options.warmUps());
    for (String broker : options.brokers()) {
      if (options.sides().contains(Side.SEND)) {
        new Sending(options, out).run(broker);
      }
      if (options.sides().contains(Side.CONSUME) && !broker.equals("none")) {
        new Consuming(options, out).run(broker);
      }
    }
    if (options.sides().contains(Side.EFFECTS)) {
      new Effects(options, out).run();
    }
    if (options.sides().contains(Side.OUTBOX)) {
      new OutboxScenes(options, out).run();
    }
  }
}
