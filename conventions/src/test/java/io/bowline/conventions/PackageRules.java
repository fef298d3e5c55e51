// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.PackageDeclaration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What must hold for the packages as a whole. */
final class PackageRules {
  private static final Pattern SENTENCE = Pattern.compile("\\p{L}.*\\.", Pattern.DOTALL);

  private PackageRules() {}

  /** The tests of a package share the sentence of its main code. */
  static Stream<Finding> sentences(List<SourceFile> files) {
    Map<String, SourceFile> packages = new LinkedHashMap<>();
    Set<String> told = new LinkedHashSet<>();
    for (SourceFile file : files) {
      if (file.isJava()) {
        String place = file.module() + ": " + packageOf(file);
        packages.putIfAbsent(place, file);
        if (file.name().equals("package-info.java") && tells(file.tree())) {
          told.add(place);
        }
      }
    }
    return packages.entrySet().stream()
        .filter(found -> !told.contains(found.getKey()))
        .map(
            found ->
                new Finding(
                    found.getValue().folder(),
                    "a package without @NullMarked or without a sentence",
                    "Give it a package-info.java with both"));
  }

  private static boolean tells(CompilationUnit unit) {
    boolean marked =
        unit.getPackageDeclaration()
            .filter(declared -> declared.isAnnotationPresent("NullMarked"))
            .isPresent();
    boolean sentence =
        unit.getAllComments().stream()
            .filter(comment -> comment.isJavadocComment())
            .anyMatch(comment -> SENTENCE.matcher(comment.getContent()).find());
    return marked && sentence;
  }

  /** A package in two modules breaks on the module path, and hides who owns a class. */
  static Stream<Finding> splits(List<SourceFile> files) {
    Map<String, Set<String>> modules = new LinkedHashMap<>();
    files.stream()
        .filter(file -> file.isJava() && file.isMain())
        .forEach(
            file ->
                modules
                    .computeIfAbsent(packageOf(file), name -> new LinkedHashSet<>())
                    .add(file.module()));
    return modules.entrySet().stream()
        .filter(found -> found.getValue().size() > 1)
        .map(
            found ->
                new Finding(
                    found.getKey(),
                    "a package in several modules: " + found.getValue(),
                    "Let each module have packages of its own"));
  }

  private static String packageOf(SourceFile file) {
    return file.tree().getPackageDeclaration().map(PackageDeclaration::getNameAsString).orElse("");
  }
}
