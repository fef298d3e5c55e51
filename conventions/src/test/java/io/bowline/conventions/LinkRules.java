// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Links of the documentation lead to files, and tests that it names are in them. */
final class LinkRules {
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
  private static final Pattern TEST = Pattern.compile("`?\\w+\\.([a-z]\\w+)`?");
  private static final Pattern CODE_FENCE = Pattern.compile("^```");

  private final Map<String, SourceFile> files = new LinkedHashMap<>();

  LinkRules(List<SourceFile> all) {
    all.forEach(file -> files.put(file.path(), file));
  }

  private record Link(int line, String label, String target) {}

  Stream<Finding> broken(SourceFile page) {
    return links(page)
        .filter(link -> target(page, link).isEmpty())
        .map(
            link ->
                page.finding(
                    link.line,
                    "a link to " + link.target + ", which is not there",
                    "Mend it, or write what it promises"));
  }

  /** A label of the form {@code Class.method} over a Java file names a test in it. */
  Stream<Finding> missingTests(SourceFile page) {
    return links(page)
        .flatMap(link -> target(page, link).stream().flatMap(file -> missing(page, link, file)));
  }

  private static Stream<Finding> missing(SourceFile page, Link link, SourceFile file) {
    var test = TEST.matcher(link.label);
    if (!file.isJava() || !test.matches() || file.text().contains("void " + test.group(1) + "(")) {
      return Stream.empty();
    }
    return Stream.of(
        page.finding(
            link.line,
            "the test " + link.label + " is not in " + file.path(),
            "Link to the test that proves it now"));
  }

  /** Each list item of a promise says by which test it holds, or that there is none yet. */
  Stream<Finding> unproven(SourceFile page, String heading) {
    List<String> lines = page.lines();
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).startsWith("- ") && heading.equals(headingAbove(lines, i)))
        .filter(i -> !item(lines, i).contains(".java)") && !item(lines, i).contains("No test yet"))
        .mapToObj(
            i ->
                page.finding(
                    i + 1, "a promise without a test", "Link to its test, or write: No test yet"));
  }

  private static String headingAbove(List<String> lines, int index) {
    int i = index;
    while (i > 0 && !lines.get(i).startsWith("**") && !lines.get(i).startsWith("#")) {
      i--;
    }
    return lines.get(i);
  }

  private static String item(List<String> lines, int index) {
    int end = index + 1;
    while (end < lines.size() && lines.get(end).startsWith("  ")) {
      end++;
    }
    return String.join(" ", lines.subList(index, end));
  }

  private static Stream<Link> links(SourceFile page) {
    if (!page.path().endsWith(".md")) {
      return Stream.empty();
    }
    List<String> lines = page.lines();
    boolean[] code = new boolean[1];
    return IntStream.range(0, lines.size())
        .boxed()
        .filter(i -> !inCode(code, lines.get(i)))
        .flatMap(i -> LINK.matcher(lines.get(i)).results().map(found -> link(i, found)))
        .filter(link -> !link.target.contains("://") && !link.target.startsWith("#"));
  }

  private static boolean inCode(boolean[] code, String line) {
    if (CODE_FENCE.matcher(line).find()) {
      code[0] = !code[0];
    }
    return code[0];
  }

  private static Link link(int index, MatchResult found) {
    return new Link(index + 1, found.group(1), found.group(2).replaceFirst("#.*", ""));
  }

  /** The file that a link leads to; of a folder, any file in it. */
  private Optional<SourceFile> target(SourceFile page, Link link) {
    String path = Path.of(page.folder()).resolve(link.target).normalize().toString();
    SourceFile exact = files.get(path);
    return exact != null
        ? Optional.of(exact)
        : files.values().stream().filter(file -> file.path().startsWith(path + "/")).findFirst();
  }
}
