// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A row of a table in a page.
 *
 * @param line where it stands, from 1
 * @param section the last word of the heading above: Kafka of "On Kafka"
 * @param head the first cell of the table's first row
 * @param cells without the strokes
 */
record PageRow(int line, String section, String head, List<String> cells) {
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** All rows under the first ones of their tables. */
  static List<PageRow> of(SourceFile page) {
    List<PageRow> rows = new ArrayList<>();
    List<String> lines = page.lines();
    String section = "";
    String head = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("#")) {
        section = line.substring(line.lastIndexOf(' ') + 1);
      }
      if (line.startsWith("|") && i > 0 && !lines.get(i - 1).startsWith("|")) {
        head = cells(line).get(0);
      } else if (line.startsWith("|") && !line.startsWith("|-")) {
        rows.add(new PageRow(i + 1, section, head, cells(line)));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1).split("\\|")).map(String::trim).toList();
  }

  /** What stands in ticks in a cell. */
  Stream<String> names(int cell) {
    return NAME.matcher(cells.get(cell)).results().map((MatchResult found) -> found.group(1));
  }
}
