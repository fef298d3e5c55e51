// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import io.bowline.benchmarks.Contestant.Entry;
import io.bowline.benchmarks.Round.Result;
import io.bowline.benchmarks.Venue.Discipline;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

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
    return line(
        size,
        entry.name(),
        "%,.0f".formatted(median(own, Result::perSecond)),
        ratio(own, yardstick),
        "%.2f".formatted(median(own, Result::cpu)),
        "%+.2f".formatted(median(own, Result::cpu) - median(yardstick, Result::cpu)),
        "%,.0f".formatted(median(own, Result::bytes)),
        "%+,.0f".formatted(median(own, Result::bytes) - median(yardstick, Result::bytes)));
  }

  private static String oneByOne(int size, Entry entry, List<Result> own, List<Result> yardstick) {
    return line(
        size,
        entry.name(),
        "%,.0f".formatted(median(own, Result::perSecond)),
        ratio(own, yardstick),
        "%,.0f".formatted(median(own, result -> result.latency(0.5))),
        "%,.0f".formatted(median(own, result -> result.latency(0.99))),
        "%.1f".formatted(median(own, Result::cpu)),
        "%,.0f".formatted(median(own, Result::bytes)));
  }

  private static String line(int size, String name, String... cells) {
    return "| %,d | %s | %s |%n".formatted(size, name, String.join(" | ", cells));
  }

  private static String ratio(List<Result> own, List<Result> yardstick) {
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own.get(i).perSecond() / yardstick.get(i).perSecond();
    }
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(List<Result> results, ToDoubleFunction<Result> figure) {
    double[] sorted = results.stream().mapToDouble(figure).sorted().toArray();
    return median(sorted);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
