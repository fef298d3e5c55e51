// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.benchmarks.consume.Reader.Entry;
import io.bowline.benchmarks.consume.Shelf.Discipline;
import io.bowline.benchmarks.measure.Medians;
import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.measure.Turn;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Measures consumers, and prints their tables as Markdown. */
public final class Consuming {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String HEAD =
      """
      | body | who | handled/s | ratio (least to most) | CPU us | garbage B |
      |--:|---|--:|--:|--:|--:|
      """;

  private final Options options;
  private final PrintStream out;

  /** Prints to this. */
  public Consuming(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Measures on a broker. */
  public void run(String broker) throws Exception {
    try (Shelf shelf = shelf(broker)) {
      out.printf("%n## Consuming: %s%n", shelf.title());
      for (Discipline discipline : shelf.disciplines()) {
        List<Entry> chosen =
            discipline.entries().stream()
                .filter(entry -> options.wants(discipline.name(), entry.name()))
                .toList();
        if (!chosen.isEmpty()) {
          play(shelf, discipline, chosen);
        }
      }
    }
  }

  private static Shelf shelf(String broker) throws Exception {
    return switch (broker) {
      case "kafka" -> new KafkaShelf();
      case "rabbitmq" -> new RabbitShelf();
      case "rocketmq" -> new RocketShelf();
      default -> throw new IllegalArgumentException("Nothing to be read from " + broker);
    };
  }

  private void play(Shelf shelf, Discipline discipline, List<Entry> entries) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int size : options.sizes()) {
      System.err.printf("%s, %,d bytes%n", discipline.name(), size);
      Map<String, List<Turn>> turns = rounds(shelf, discipline, entries, size);
      entries.forEach(entry -> lines.append(line(size, entry, turns)));
    }
    out.printf("%n### %s%n%n%s%s", discipline.name(), HEAD, lines);
    out.flush();
  }

  /** The turns that count, of each by name; the order turns about each round. */
  private Map<String, List<Turn>> rounds(
      Shelf shelf, Discipline discipline, List<Entry> entries, int size) throws Exception {
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    List<Entry> order = new ArrayList<>(entries);
    for (int number = -options.warmUps(); number < options.rounds(); number++) {
      for (Entry entry : order) {
        List<Turn> own = turns.computeIfAbsent(entry.name(), name -> new ArrayList<>());
        Turn turn = turn(shelf, discipline, entry, size);
        told(turn, number, entry).ifPresent(own::add);
      }
      Collections.reverse(order);
    }
    return turns;
  }

  private Turn turn(Shelf shelf, Discipline discipline, Entry entry, int size) throws Exception {
    Fill fill = Fill.of(discipline, size, options.time());
    Task.Place place = shelf.place(discipline, entry, fill);
    Task task = new Task(place, fill.messages(), discipline.work());
    System.gc();
    Reader reader = entry.opener().open(task);
    try {
      return task.measure(PATIENCE);
    } finally {
      reader.close();
    }
  }

  /** Empty for a warm-up. */
  private Optional<Turn> told(Turn turn, int number, Entry entry) {
    turn.progress(number, entry.name());
    if (options.threads()) {
      System.err.print(turn.dearest());
    }
    return number < 0 ? Optional.empty() : Optional.of(turn);
  }

  private static String line(int size, Entry entry, Map<String, List<Turn>> turns) {
    List<Turn> own = Objects.requireNonNull(turns.get(entry.name()));
    List<Turn> yardstick = turns.getOrDefault(entry.yardstick(), own);
    return "| %,d | %s | %,.0f | %s | %.2f | %,.0f |%n"
        .formatted(
            size,
            entry.name(),
            Medians.of(own, Turn::perSecond),
            Medians.ratio(own, yardstick),
            Medians.of(own, Turn::cpu),
            Medians.of(own, Turn::bytes));
  }
}
