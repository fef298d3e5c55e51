// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists of ids in statements of few lengths, so that the database knows them again. */
final class IdList {
  /** The most ids of one statement. */
  private static final int AT_ONCE = 1_024;

  private IdList() {}

  /** The list in parts for one statement each. */
  static <T> List<List<T>> parts(List<T> ids) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      parts.add(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
    }
    return parts;
  }

  /** A power of two. */
  static int padded(List<?> ids) {
    return Math.max(1, Integer.highestOneBit(2 * ids.size() - 1));
  }

  /** What stands in the parentheses of {@code in (…)}. */
  static String marks(List<?> ids) {
    return String.join(", ", Collections.nCopies(padded(ids), "?"));
  }

  /** Sets the parameters behind so many others; the last one fills up the places that are left. */
  static void set(PreparedStatement statement, int before, List<?> ids) throws SQLException {
    int count = padded(ids);
    for (int i = 0; i < count; i++) {
      statement.setObject(before + i + 1, ids.get(Math.min(i, ids.size() - 1)));
    }
  }
}
