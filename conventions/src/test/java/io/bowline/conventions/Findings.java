// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Asks rules about the repository, or about texts that were made for them. */
final class Findings {
  /** A folder in which most rules hold. */
  static final String CORE = "core/src/main/java/io/bowline/message/";

  private Findings() {}

  /** Exactly these lines of a class A in this folder break the rule. */
  static void finds(Rule rule, String folder, String text, Integer... lines) {
    SourceFile file = new SourceFile(folder + "A.java", text);
    List<String> expected =
        Arrays.stream(lines).map(line -> file.path() + ":" + line).sorted().toList();
    assertEquals(expected, places(rule, file).stream().sorted().toList());
  }

  /** Nothing breaks a rule; else all places are told at once. */
  static void none(Stream<Finding> findings) {
    List<Finding> all = findings.toList();
    assertTrue(
        all.isEmpty(),
        () -> all.stream().map(Finding::toString).collect(joining("\n", "\n", "\n")));
  }

  /** The places at which a file breaks a rule. */
  static List<String> places(Rule rule, SourceFile file) {
    return rule.check(file).map(Finding::place).toList();
  }
}
