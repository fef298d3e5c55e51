// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;

/** Asks a rule about a text that was made for it. */
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

  /** The places at which a file breaks a rule. */
  static List<String> places(Rule rule, SourceFile file) {
    return rule.check(file).map(Finding::place).toList();
  }
}
