// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a statement does to its transaction, as far as its first words tell: a guard against
 * mistakes, not a parser. Pure.
 */
final class SqlText {
  private static final Set<String> ENDS = Set.of("commit", "abort", "end", "begin", "start");

  /** What commits on the way, on databases whose transactions do not hold it. */
  private static final Set<String> COMMITS =
      Set.of("create", "alter", "drop", "truncate", "rename", "grant", "revoke", "comment");

  /** The same, of MariaDB and MySQL alone. */
  private static final Set<String> MYSQL_COMMITS =
      Set.of("lock", "unlock", "analyze", "optimize", "repair", "flush", "install", "uninstall");

  private static final int MOST_WORDS = 4;

  /** How many characters are read of a statement's words. */
  private static final int MOST_READ = 100;

  private SqlText() {}

  /** Whether it ends the transaction, or begins another. */
  static boolean endsTransaction(Dialect dialect, String sql) {
    List<String> words = firstWords(sql);
    String first = word(words, 0);
    String second = word(words, 1);
    return switch (first) {
      case "rollback" -> !words.contains("to");
      case "set" -> words.contains("autocommit");
      case "prepare" -> second.equals("transaction");
      default -> ENDS.contains(first) || commitsOnTheWay(dialect, first, second);
    };
  }

  private static boolean commitsOnTheWay(Dialect dialect, String first, String second) {
    return switch (dialect) {
      case POSTGRESQL -> false;
      case MYSQL ->
          MYSQL_COMMITS.contains(first) || (COMMITS.contains(first) && !second.equals("temporary"));
      case H2 -> COMMITS.contains(first);
    };
  }

  private static String word(List<String> words, int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** Each statement of a handler is looked at: so no more is read of it than is needed. */
  private static List<String> firstWords(String sql) {
    List<String> words = new ArrayList<>(MOST_WORDS);
    int at = begin(sql);
    int end = Math.min(sql.length(), at + MOST_READ);
    while (at < end && words.size() < MOST_WORDS) {
      int from = at;
      while (at < end && isOfWord(sql.charAt(at))) {
        at++;
      }
      if (at > from) {
        words.add(sql.substring(from, at).toLowerCase(Locale.ROOT));
      } else {
        at++;
      }
    }
    return words;
  }

  private static boolean isOfWord(char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_';
  }

  /** Where the first word begins, behind blanks and comments. */
  private static int begin(String sql) {
    int at = 0;
    while (at < sql.length()) {
      if (sql.startsWith("--", at)) {
        at = after(sql, "\n", at);
      } else if (sql.startsWith("/*", at)) {
        at = after(sql, "*/", at);
      } else if (Character.isLetter(sql.charAt(at))) {
        return at;
      } else {
        at++;
      }
    }
    return at;
  }

  private static int after(String sql, String mark, int from) {
    int found = sql.indexOf(mark, from + 2);
    return found < 0 ? sql.length() : found + mark.length();
  }
}
