// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.benchmarks.send.Venue.Discipline;
import java.io.PrintStream;
import java.util.List;

/** Measures producers, and prints their tables as Markdown. */
public final class Sending {
  private final Options options;
  private final PrintStream out;

  /** Prints to this. */
  public Sending(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Measures on a broker; on {@code none} only what Bowline's own code costs. */
  public void run(String broker) throws Exception {
    try (Venue venue = venue(broker)) {
      out.printf("%n## Sending: %s%n", venue.title());
      for (Discipline discipline : venue.disciplines()) {
        play(venue, chosen(discipline));
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
