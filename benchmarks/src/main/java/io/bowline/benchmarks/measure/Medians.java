// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The middle of several turns. */
public final class Medians {
  private Medians() {}

  /** The median of a figure. */
  public static <T> double of(List<T> turns, ToDoubleFunction<T> figure) {
    return median(turns.stream().mapToDouble(figure).sorted().toArray());
  }

  /** The ratios of messages per second of the same rounds: median, least and most, for people. */
  public static String ratio(List<Turn> own, List<Turn> yardstick) {
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own.get(i).perSecond() / yardstick.get(i).perSecond();
    }
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
