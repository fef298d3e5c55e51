// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Packages that say nothing, or lie in two modules, are found. */
final class PackageRulesTest {

  @Test
  void aSilentPackageIsFound() {
    SourceFile code = new SourceFile(CORE + "A.java", "package a; class A {}");
    String mark = "@NullMarked package a;";
    String sentence = "/** What it is. */";
    assertEquals(1, PackageRules.sentences(List.of(code)).count());
    assertEquals(1, PackageRules.sentences(List.of(code, packageInfo(mark))).count());
    assertEquals(1, PackageRules.sentences(List.of(code, packageInfo("/** A */" + mark))).count());
    assertEquals(
        1, PackageRules.sentences(List.of(code, packageInfo(sentence + "package a;"))).count());
    assertEquals(0, PackageRules.sentences(List.of(code, packageInfo(sentence + mark))).count());
  }

  private static SourceFile packageInfo(String text) {
    return new SourceFile(CORE + "package-info.java", text);
  }

  @Test
  void aSplitPackageIsFound() {
    String text = "package a; class A {}";
    SourceFile here = new SourceFile("core/src/main/java/a/A.java", text);
    SourceFile there = new SourceFile("testkit/src/main/java/a/B.java", text);
    SourceFile test = new SourceFile("testkit/src/test/java/a/B.java", text);
    assertEquals(1, PackageRules.splits(List.of(here, there)).count());
    assertEquals(0, PackageRules.splits(List.of(here, test)).count());
  }
}
