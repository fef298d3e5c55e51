// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation leads somewhere, and every promise to its test. */
final class DocumentationTest {
  private static final List<SourceFile> FILES = Repository.files();
  private static final LinkRules LINKS = new LinkRules(FILES);
  private static final String PROMISED = "**Promised**";

  @Test
  void linksLeadSomewhere() {
    Findings.none(FILES.stream().flatMap(LINKS::broken));
  }

  @Test
  void testsThatAreNamedAreThere() {
    Findings.none(FILES.stream().flatMap(LINKS::missingTests));
  }

  @Test
  void everyPromiseNamesItsTest() {
    Findings.none(guarantees().flatMap(page -> LINKS.unproven(page, PROMISED)));
  }

  @Test
  void thereArePromises() {
    long promises =
        guarantees().flatMap(page -> page.lines().stream()).filter(PROMISED::equals).count();
    assertTrue(promises > 3, () -> "Lists of promises under " + PROMISED + ": " + promises);
  }

  private static Stream<SourceFile> guarantees() {
    return FILES.stream().filter(file -> file.path().equals("docs/guarantees.md"));
  }

  @Test
  void aBrokenLinkIsFound() {
    String text =
        """
        [here](ATest.java) [there](../README.md) [folder](decisions) [web](https://a.example)
        [gone](B.java) [section](#a) [`ATest.works`](ATest.java) [ATest.fails](ATest.java)
        ```
        [code](C.java)
        ```
        """;
    SourceFile page = new SourceFile("docs/page.md", text);
    LinkRules links =
        new LinkRules(
            List.of(
                page,
                new SourceFile("docs/ATest.java", "class ATest { void works() {} }"),
                new SourceFile("docs/decisions/README.md", ""),
                new SourceFile("README.md", "")));
    assertEquals(List.of("docs/page.md:2"), places(links.broken(page)));
    assertEquals(List.of("docs/page.md:2"), places(links.missingTests(page)));
  }

  @Test
  void aPromiseWithoutTestIsFound() {
    String text =
        """
        **Promised**

        - One. [ATest](ATest.java)
        - Two,
          in two lines. [ATest](ATest.java)
        - Three, for ever.
        - Four. No test yet.

        **Not promised**

        - Five.
        """;
    SourceFile page = new SourceFile("docs/guarantees.md", text);
    assertEquals(List.of("docs/guarantees.md:6"), places(LINKS.unproven(page, PROMISED)));
  }

  private static List<String> places(Stream<Finding> findings) {
    return findings.map(Finding::place).toList();
  }
}
