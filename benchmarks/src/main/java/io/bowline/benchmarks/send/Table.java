// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.benchmarks.measure.Medians;
import io.bowline.benchmarks.measure.Turn;
import io.bowline.benchmarks.send.Contestant.Entry;
import io.bowline.benchmarks.send.Round.Result;
import io.bowline.benchmarks.send.Venue.Discipline;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Results as Markdown: medians, and ratios round by round to the yardstick of the same round. */
final class Table {
  private static final String PIPELINED =
      """
      | body | who | confirmed/s | ratio (least to most) | CPU us | added | garbage B | added |
      |--:|---|--:|--:|--:|--:|--:|--:|
      """;
  private static final String ONE_BY_ONE =
      """
      | body | who | confirmed/s | ratio (least to most) | median us | 99 % us | CPU us | garbage B |
      |--:|---|--:|--:|--:|--:|--:|--:|
      """;

  private final Discipline discipline;

  Table(Discipline discipline) {
    this.discipline = discipline;
  }

  String head() {
    return discipline.oneByOne() ? ONE_BY_ONE : PIPELINED;
  }

  /** One line for each contestant. */
  String lines(int size, Map<String, List<Result>> results) {
    StringBuilder lines = new StringBuilder();
    for (Entry entry : discipline.entries()) {
      List<Result> own = Objects.requireNonNull(results.get(entry.name()));
      List<Result> yardstick = results.getOrDefault(entry.yardstick(), own);
      lines.append(
          discipline.oneByOne()
              ? oneByOne(size, entry, own, yardstick)
              : pipelined(size, entry, own, yardstick));
    }
    return lines.toString();
  }

  private static String pipelined(int size, Entry entry, List<Result> own, List<Result> yardstick) {
    List<Turn> turns = turns(own);
    List<Turn> others = turns(yardstick);
    return line(
        size,
        entry.name(),
        "%,.0f".formatted(Medians.of(turns, Turn::perSecond)),
        Medians.ratio(turns, others),
        "%.2f".formatted(Medians.of(turns, Turn::cpu)),
        "%+.2f".formatted(Medians.of(turns, Turn::cpu) - Medians.of(others, Turn::cpu)),
        "%,.0f".formatted(Medians.of(turns, Turn::bytes)),
        "%+,.0f".formatted(Medians.of(turns, Turn::bytes) - Medians.of(others, Turn::bytes)));
  }

  private static String oneByOne(int size, Entry entry, List<Result> own, List<Result> yardstick) {
    List<Turn> turns = turns(own);
    return line(
        size,
        entry.name(),
        "%,.0f".formatted(Medians.of(turns, Turn::perSecond)),
        Medians.ratio(turns, turns(yardstick)),
        "%,.0f".formatted(Medians.of(own, result -> result.latency(0.5))),
        "%,.0f".formatted(Medians.of(own, result -> result.latency(0.99))),
        "%.1f".formatted(Medians.of(turns, Turn::cpu)),
        "%,.0f".formatted(Medians.of(turns, Turn::bytes)));
  }

  private static List<Turn> turns(List<Result> results) {
    return results.stream().map(Result::turn).toList();
  }

  private static String line(int size, String name, String... cells) {
    return "| %,d | %s | %s |%n".formatted(size, name, String.join(" | ", cells));
  }
}
