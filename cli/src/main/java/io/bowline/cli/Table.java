// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows with columns of one width each. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(Output.harmless(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  /** How many lines it has. */
  int lines() {
    return rows.size();
  }

  /** All but the heads. */
  String rows() {
    String all = toString();
    return all.substring(all.indexOf('\n') + 1);
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
