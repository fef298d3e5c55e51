// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.ImportDeclaration;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.FieldAccessExpr;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.expr.MethodReferenceExpr;
import com.github.javaparser.ast.expr.ObjectCreationExpr;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Calls that make code untestable, silent or impolite, by where they stand. */
final class CallRules {
  private static final Pattern SLEEPER =
      Pattern.compile(
          "(java\\.lang\\.)?Thread|(.*\\.)?TimeUnit\\.\\w+"
              + "|(NANO|MICRO|MILLI)?SECONDS|MINUTES|HOURS|DAYS");
  private static final Set<String> CORE_BANNED =
      Set.of(
          "System.currentTimeMillis",
          "Math.random",
          "Instant.now",
          "ThreadLocalRandom.current",
          "LocalDateTime.now",
          "ZonedDateTime.now");

  private static final Set<String> CLOCKS =
      Set.of(
          "System.currentTimeMillis",
          "Instant.now",
          "LocalDateTime.now",
          "ZonedDateTime.now",
          "Clock.systemUTC",
          "Clock.systemDefaultZone");

  private static final Set<String> ENDINGS =
      Set.of("System.exit", "Runtime.getRuntime().exit", "Runtime.getRuntime().halt");

  private CallRules() {}

  /** A call without arguments: one with a Clock as its argument is what is wanted. */
  static Stream<Finding> timeAndChance(SourceFile file) {
    if (!file.module().equals("core") || !file.isMain()) {
      return Stream.empty();
    }
    Stream<Node> calls =
        file.all(MethodCallExpr.class)
            .filter(call -> call.getArguments().isEmpty())
            .filter(call -> CORE_BANNED.contains(qualified(call)))
            .map(Node.class::cast);
    Stream<Node> references =
        file.all(MethodReferenceExpr.class)
            .filter(one -> CORE_BANNED.contains(one.getScope() + "." + one.getIdentifier()))
            .map(Node.class::cast);
    Stream<Node> creations =
        file.all(ObjectCreationExpr.class)
            .filter(made -> made.getType().getNameAsString().equals("Random"))
            .map(Node.class::cast);
    return Stream.of(calls, references, creations)
        .flatMap(found -> found)
        .map(
            where ->
                file.finding(
                    where,
                    "time or chance taken from the machine: " + where,
                    "Let a Clock or a RandomGenerator be handed in"));
  }

  /** Leases and ages in stores are by the clock of their servers, which is one for all members. */
  static Stream<Finding> timeOfStores(SourceFile file) {
    if (!file.module().startsWith("store-") || !file.isMain()) {
      return Stream.empty();
    }
    return file.all(MethodCallExpr.class)
        .filter(call -> CLOCKS.contains(qualified(call)))
        .map(
            call ->
                file.finding(
                    call,
                    "this machine's clock in a store: " + call,
                    "Ask the store's server for the time: clocks of members may differ"));
  }

  private static String qualified(MethodCallExpr call) {
    String scope = call.getScope().map(Expression::toString).orElse("");
    return scope + "." + call.getNameAsString();
  }

  static Stream<Finding> sleeping(SourceFile file) {
    Stream<Node> calls =
        file.all(MethodCallExpr.class)
            .filter(call -> call.getNameAsString().equals("sleep"))
            .filter(call -> call.getScope().filter(CallRules::sleeps).isPresent())
            .map(Node.class::cast);
    Stream<Node> references =
        file.all(MethodReferenceExpr.class)
            .filter(one -> one.getIdentifier().equals("sleep") && sleeps(one.getScope()))
            .map(Node.class::cast);
    Stream<Node> imports =
        file.all(ImportDeclaration.class)
            .filter(one -> one.isStatic() && one.getNameAsString().endsWith("Thread.sleep"))
            .map(Node.class::cast);
    return Stream.of(calls, references, imports)
        .flatMap(found -> found)
        .map(where -> file.finding(where, "a sleep", "Wait for the condition itself, bounded"));
  }

  private static boolean sleeps(Expression scope) {
    return SLEEPER.matcher(scope.toString()).matches();
  }

  static Stream<Finding> stackTraces(SourceFile file) {
    if (isProgram(file)) {
      return Stream.empty();
    }
    return file.all(MethodCallExpr.class)
        .filter(call -> call.getNameAsString().equals("printStackTrace"))
        .map(call -> file.finding(call, "printStackTrace", "Log the failure, or hand it on"));
  }

  static Stream<Finding> exits(SourceFile file) {
    if (isProgram(file)) {
      return Stream.empty();
    }
    return file.all(MethodCallExpr.class)
        .filter(call -> ENDINGS.contains(qualified(call)))
        .map(
            call ->
                file.finding(
                    call,
                    "a library that ends the program",
                    "Throw, or return; only what has a main may end it"));
  }

  static Stream<Finding> printing(SourceFile file) {
    if (isProgram(file) || file.module().equals("testkit")) {
      return Stream.empty();
    }
    return file.all(FieldAccessExpr.class)
        .filter(field -> Set.of("System.out", "System.err").contains(field.toString()))
        .map(field -> file.finding(field, "printing by " + field, "Log by slf4j"));
  }

  private static boolean isProgram(SourceFile file) {
    return file.module().equals("examples")
        || file.module().startsWith("benchmarks")
        || file.module().startsWith("servers/")
        || file.all(MethodDeclaration.class).anyMatch(CallRules::isMain);
  }

  private static boolean isMain(MethodDeclaration method) {
    return method.getNameAsString().equals("main") && method.isStatic() && method.isPublic();
  }
}
