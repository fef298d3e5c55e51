// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.body.TypeDeclaration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The classes that only decide: those whose Javadoc says that they are pure, and those that it must
 * not cease to say of. They run alike in a test, in a simulation and at work.
 */
final class PureClasses {
  /** The decisions that the promises rest on. */
  static final List<String> REQUIRED =
      List.of(
          "io.bowline.retry.Retry",
          "io.bowline.gap.GapDetector",
          "io.bowline.gap.KeyChain",
          "io.bowline.gap.LaneTrack",
          "io.bowline.gap.Completed",
          "io.bowline.gap.KeyTable",
          "io.bowline.producer.Sending",
          "io.bowline.producer.KeyLine",
          "io.bowline.producer.KeyLines",
          "io.bowline.producer.LaneChain",
          "io.bowline.consumer.Handling",
          "io.bowline.consumer.HeldWork",
          "io.bowline.consumer.KeyScheduler",
          "io.bowline.kafka.PartitionProgress",
          "io.bowline.rocketmq.InvisibleLeases");

  private static final Pattern SAYS_PURE = Pattern.compile("\\b[Pp]ure\\b");
  private static final Pattern MACHINERY =
      Pattern.compile(
          "java\\.lang\\.(Thread|System|Runtime|Process)\\b.*|java\\.time\\.(Clock|InstantSource)"
              + "|java\\.util\\.Timer.*"
              + "|java\\.util\\.concurrent\\.\\w*(Execut|Future|Completion|ForkJoin|Queue|Latch)\\w*"
              + "|java\\.(io|net|nio\\.file|nio\\.channels)\\..*|org\\.slf4j\\..*");

  private PureClasses() {}

  /** The full names of all of them. */
  static Set<String> names(List<SourceFile> files) {
    Set<String> names = new TreeSet<>(REQUIRED);
    files.stream()
        .filter(SourceFile::isMain)
        .flatMap(file -> file.all(TypeDeclaration.class))
        .forEach(
            type -> {
              if (saysPure(type)) {
                names.add(type.getFullyQualifiedName().orElseThrow().toString());
              }
            });
    return names;
  }

  private static boolean saysPure(TypeDeclaration<?> type) {
    return type.isTopLevelType()
        && type.getJavadocComment()
            .filter(text -> SAYS_PURE.matcher(text.getContent()).find())
            .isPresent();
  }

  /** What these classes, and the types inside them, must not touch. */
  static ArchRule only(Set<String> names) {
    return ArchRuleDefinition.noClasses()
        .that(among(names))
        .should()
        .dependOnClassesThat(machinery())
        .because("a decision takes time and chance as arguments, and leaves the rest to others");
  }

  private static DescribedPredicate<JavaClass> among(Set<String> names) {
    return DescribedPredicate.describe(
        "only decide", type -> names.contains(type.getName().replaceFirst("\\$.*", "")));
  }

  private static DescribedPredicate<JavaClass> machinery() {
    return DescribedPredicate.describe(
        "are threads, clocks, logs or I/O", type -> MACHINERY.matcher(type.getName()).matches());
  }
}
