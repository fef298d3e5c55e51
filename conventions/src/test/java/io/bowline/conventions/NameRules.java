// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.PackageDeclaration;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.TypeDeclaration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Types and packages are named after what they are in the domain. */
final class NameRules {
  private static final Set<String> EMPTY_WORDS =
      Set.of("Impl", "Manager", "Helper", "Helpers", "Util", "Utils", "Utilities");
  private static final Set<String> EMPTY_PACKAGES =
      Set.of("impl", "util", "utils", "helper", "helpers", "common", "misc");
  private static final Pattern HUNGARIAN = Pattern.compile("I[A-Z][a-z].*");
  private static final String ADVICE = "Name it after what it is, or does, in the domain";

  private NameRules() {}

  static Stream<Finding> types(SourceFile file) {
    return file.all(TypeDeclaration.class)
        .filter(type -> isEmptyName(type.getNameAsString()) || isHungarian(type))
        .map(type -> file.finding(type, "the name " + type.getNameAsString(), ADVICE));
  }

  private static boolean isEmptyName(String name) {
    List<String> words = Arrays.asList(name.split("(?<=[a-z0-9])(?=[A-Z])"));
    return words.stream().anyMatch(EMPTY_WORDS::contains)
        || words.get(words.size() - 1).equals("Base")
        || words.get(0).equals("Default");
  }

  private static boolean isHungarian(TypeDeclaration<?> type) {
    return type instanceof ClassOrInterfaceDeclaration declared
        && declared.isInterface()
        && HUNGARIAN.matcher(declared.getNameAsString()).matches();
  }

  static Stream<Finding> packages(SourceFile file) {
    return file.all(PackageDeclaration.class)
        .filter(
            declared ->
                Arrays.stream(declared.getNameAsString().split("\\."))
                    .anyMatch(EMPTY_PACKAGES::contains))
        .map(declared -> file.finding(declared, "the package " + declared.getName(), ADVICE));
  }
}
