// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ParserConfiguration.LanguageLevel;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Node;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A text file of the repository; a Java file is parsed when a rule first asks for its tree. */
final class SourceFile {
  private static final ParserConfiguration JAVA_17 =
      new ParserConfiguration().setLanguageLevel(LanguageLevel.JAVA_17);

  private final String path;
  private final String text;
  private @Nullable CompilationUnit tree;

  /**
   * @param path from the root of the repository, with slashes
   */
  SourceFile(String path, String text) {
    this.path = path;
    this.text = text;
  }

  String path() {
    return path;
  }

  String text() {
    return text;
  }

  List<String> lines() {
    return text.lines().toList();
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  String folder() {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isMain() {
    return path.contains("src/main/");
  }

  /** The folder of the module; empty for what lies in none. */
  String module() {
    int sources = path.indexOf("/src/");
    return sources < 0 ? "" : path.substring(0, sources);
  }

  /** The syntax tree; an IllegalArgumentException if this is not Java 17. */
  CompilationUnit tree() {
    if (tree == null) {
      ParseResult<CompilationUnit> result = new JavaParser(JAVA_17).parse(text);
      tree =
          result
              .getResult()
              .filter(unit -> result.isSuccessful())
              .orElseThrow(() -> new IllegalArgumentException(path + " is not Java 17: " + result));
    }
    return tree;
  }

  /** All nodes of this kind; none if this is not a Java file. */
  <T extends Node> Stream<T> all(Class<T> kind) {
    return isJava() ? tree().findAll(kind).stream() : Stream.empty();
  }

  Finding finding(Node where, String rule, String advice) {
    int line = where.getRange().map(range -> range.begin.line).orElse(1);
    return new Finding(path + ":" + line, rule, advice);
  }

  Finding finding(int line, String rule, String advice) {
    return new Finding(path + ":" + line, rule, advice);
  }

  /** The numbers, from 1, of the lines in which this pattern is found. */
  IntStream linesWith(Pattern pattern) {
    List<String> lines = lines();
    return IntStream.rangeClosed(1, lines.size())
        .filter(number -> pattern.matcher(lines.get(number - 1)).find());
  }

  @Override
  public String toString() {
    return path;
  }
}
