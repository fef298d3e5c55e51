// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.stage;

import io.bowline.benchmarks.measure.Medians;
import io.bowline.benchmarks.measure.Options;
import io.bowline.benchmarks.measure.Turn;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Plays scenes, and prints a table of each as Markdown. */
public final class Stage {
  private static final String HEAD =
      """
      | who | %s | ratio (least to most) | CPU us | garbage B |
      |---|--:|--:|--:|--:|
      """;

  private final Options options;
  private final PrintStream out;
  private final String unit;

  /**
   * Prints to this.
   *
   * @param unit of what is counted, such as {@code effects/s}
   */
  public Stage(Options options, PrintStream out, String unit) {
    this.options = options;
    this.out = out;
    this.unit = unit;
  }

  /** Opens a scene. */
  @FunctionalInterface
  public interface Opener {

    /** Opens it. */
    Scene open() throws Exception;
  }

  /** Opens a scene, plays it and closes it. */
  public void play(Opener opener) throws Exception {
    try (Scene scene = opener.open()) {
      play(scene);
    }
  }

  private void play(Scene scene) throws Exception {
    List<Entry> chosen =
        scene.entries().stream()
            .filter(entry -> options.wants(scene.title(), entry.name()))
            .toList();
    if (chosen.isEmpty()) {
      return;
    }
    System.err.println(scene.title());
    Map<String, List<Turn>> turns = rounds(chosen);
    out.printf("%n### %s%n%n%s", scene.title(), HEAD.formatted(unit));
    chosen.forEach(entry -> out.print(line(entry, turns)));
    out.print(scene.remark());
    out.flush();
  }

  /** The turns that count, of each by name; the order turns about each round. */
  private Map<String, List<Turn>> rounds(List<Entry> entries) throws Exception {
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    List<Entry> order = new ArrayList<>(entries);
    for (int number = -options.warmUps(); number < options.rounds(); number++) {
      for (Entry entry : order) {
        List<Turn> own = turns.computeIfAbsent(entry.name(), name -> new ArrayList<>());
        System.gc();
        Turn turn = entry.turner().turn(options.time());
        told(turn, number, entry).ifPresent(own::add);
      }
      Collections.reverse(order);
    }
    return turns;
  }

  /** Empty for a warm-up. */
  private Optional<Turn> told(Turn turn, int number, Entry entry) {
    turn.progress(number, entry.name());
    if (options.threads()) {
      System.err.print(turn.dearest());
    }
    return number < 0 ? Optional.empty() : Optional.of(turn);
  }

  private static String line(Entry entry, Map<String, List<Turn>> turns) {
    List<Turn> own = Objects.requireNonNull(turns.get(entry.name()));
    List<Turn> yardstick = turns.getOrDefault(entry.yardstick(), own);
    return "| %s | %,.0f | %s | %.1f | %,.0f |%n"
        .formatted(
            entry.name(),
            Medians.of(own, Turn::perSecond),
            Medians.ratio(own, yardstick),
            Medians.of(own, Turn::cpu),
            Medians.of(own, Turn::bytes));
  }
}
