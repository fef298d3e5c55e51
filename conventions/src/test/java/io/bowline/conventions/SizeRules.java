// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.BodyDeclaration;
import com.github.javaparser.ast.body.CallableDeclaration;
import com.github.javaparser.ast.body.CompactConstructorDeclaration;
import com.github.javaparser.ast.body.ConstructorDeclaration;
import com.github.javaparser.ast.body.InitializerDeclaration;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.body.RecordDeclaration;
import com.github.javaparser.ast.expr.LambdaExpr;
import com.github.javaparser.ast.expr.SwitchExpr;
import com.github.javaparser.ast.stmt.DoStmt;
import com.github.javaparser.ast.stmt.ForEachStmt;
import com.github.javaparser.ast.stmt.ForStmt;
import com.github.javaparser.ast.stmt.IfStmt;
import com.github.javaparser.ast.stmt.SwitchStmt;
import com.github.javaparser.ast.stmt.SynchronizedStmt;
import com.github.javaparser.ast.stmt.TryStmt;
import com.github.javaparser.ast.stmt.WhileStmt;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How large things may grow before they must be divided. */
final class SizeRules {
  static final int METHOD_LINES = 40;
  static final int FILE_LINES = 300;
  static final int KIT_LINES = 450;

  /** A builder is a list of what can be chosen: most of its lines say what that means. */
  static final int BUILDER_LINES = 400;

  /** Classes of tests that others extend: flat, since nested ones are told under a wrong name. */
  private static final Pattern KITS = Pattern.compile("(.*Conformance|SendFaults)\\.java");

  static final int PARAMETERS = 4;
  static final int RECORD_PARTS = 8;
  static final int NESTING = 3;

  private static final List<Class<? extends BodyDeclaration<?>>> BODIES =
      List.of(
          MethodDeclaration.class,
          ConstructorDeclaration.class,
          CompactConstructorDeclaration.class,
          InitializerDeclaration.class);
  private static final Set<Class<? extends Node>> LEVELS =
      Set.of(
          IfStmt.class,
          ForStmt.class,
          ForEachStmt.class,
          WhileStmt.class,
          DoStmt.class,
          SwitchStmt.class,
          SwitchExpr.class,
          TryStmt.class,
          SynchronizedStmt.class);

  private SizeRules() {}

  static Stream<Finding> methods(SourceFile file) {
    return Stream.concat(bodies(file), file.all(LambdaExpr.class))
        .filter(body -> lines(body) > METHOD_LINES)
        .map(
            body ->
                file.finding(
                    body,
                    "a method of " + lines(body) + " lines, where " + METHOD_LINES + " are allowed",
                    "Give its steps names of their own"));
  }

  private static Stream<? extends BodyDeclaration<?>> bodies(SourceFile file) {
    return BODIES.stream().flatMap(file::all);
  }

  private static int lines(Node node) {
    return node.getRange().map(range -> range.end.line - range.begin.line + 1).orElse(0);
  }

  static Stream<Finding> files(SourceFile file) {
    int allowed = allowed(file.name());
    int lines = file.lines().size();
    return file.isJava() && lines > allowed
        ? Stream.of(
            file.finding(
                lines,
                "a file of " + lines + " lines, where " + allowed + " are allowed",
                "Find the second idea in it and give it a class"))
        : Stream.empty();
  }

  private static int allowed(String name) {
    if (name.endsWith("Builder.java")) {
      return BUILDER_LINES;
    }
    return KITS.matcher(name).matches() ? KIT_LINES : FILE_LINES;
  }

  /** What overrides a foreign declaration has no choice, and what overrides ours is seen there. */
  static Stream<Finding> parameters(SourceFile file) {
    Stream<Finding> callables =
        callables(file)
            .filter(callable -> !callable.isAnnotationPresent("Override"))
            .filter(callable -> callable.getParameters().size() > PARAMETERS)
            .map(callable -> tooMany(file, callable, callable.getParameters().size(), PARAMETERS));
    Stream<Finding> records =
        file.all(RecordDeclaration.class)
            .filter(type -> type.getParameters().size() > RECORD_PARTS)
            .map(type -> tooMany(file, type, type.getParameters().size(), RECORD_PARTS));
    return Stream.concat(callables, records);
  }

  private static Stream<CallableDeclaration<?>> callables(SourceFile file) {
    return Stream.concat(file.all(MethodDeclaration.class), file.all(ConstructorDeclaration.class));
  }

  private static Finding tooMany(SourceFile file, Node where, int seen, int allowed) {
    return file.finding(
        where,
        seen + " parameters, where " + allowed + " are allowed",
        "Find the concept that several of them make together");
  }

  static Stream<Finding> nesting(SourceFile file) {
    return bodies(file)
        .flatMap(body -> tooDeep(body, 0).stream())
        .map(
            deep ->
                file.finding(
                    deep,
                    "more than " + NESTING + " levels of nesting",
                    "Return early, or give the inner part a name"));
  }

  /** The first node that lies too deep; a method inside is looked at on its own. */
  private static Optional<Node> tooDeep(Node node, int depth) {
    if (depth > NESTING) {
      return Optional.of(node);
    }
    return node.getChildNodes().stream()
        .filter(child -> !(child instanceof BodyDeclaration))
        .flatMap(child -> tooDeep(child, depth + (isLevel(child) ? 1 : 0)).stream())
        .findFirst();
  }

  private static boolean isLevel(Node node) {
    if (node instanceof LambdaExpr lambda) {
      return lambda.getBody().isBlockStmt();
    }
    boolean elseIf =
        node.getParentNode().filter(IfStmt.class::isInstance).isPresent() && node instanceof IfStmt;
    return LEVELS.contains(node.getClass()) && !elseIf;
  }
}
