// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import io.bowline.benchmarks.Contestant.Entry;
import io.bowline.benchmarks.Venue.Discipline;
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
      try (Venue venue = venue(broker)) {
        out.printf("%n## %s%n", venue.title());
        for (Discipline discipline : venue.disciplines(options)) {
          play(venue, chosen(discipline));
        }
      }
    }
  }

  private static Venue venue(String broker) throws Exception {
    return switch (broker) {
      case "kafka" -> new KafkaVenue();
      case "rabbitmq" -> new RabbitVenue();
      case "rocketmq" -> new RocketVenue();
      case "none" -> new NoVenue();
      default -> throw new IllegalArgumentException("No venue for " + broker);
    };
  }

  private Discipline chosen(Discipline discipline) {
    List<Entry> entries =
        discipline.entries().stream()
            .filter(entry -> options.wants(discipline.name(), entry.name()))
            .toList();
    return new Discipline(discipline.name(), discipline.oneByOne(), discipline.window(), entries);
  }

  private void play(Venue venue, Discipline discipline) throws Exception {
    if (discipline.entries().isEmpty()) {
      return;
    }
    Table table = new Table(discipline);
    StringBuilder lines = new StringBuilder();
    for (int size : options.sizes()) {
      System.err.printf("%s, %,d bytes%n", discipline.name(), size);
      lines.append(table.lines(size, new Match(venue, discipline, options).play(size)));
    }
    out.printf("%n### %s%n%n%s%s", discipline.name(), table.head(), lines);
    out.flush();
  }
}
