// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arrows point one way: between the packages of core, and between the modules. */
final class ArchitectureTest {
  private static final JavaClasses ALL = new ClassFileImporter().importPackages("io.bowline");

  private static final String[] LIBRARIES = {"java..", "org.slf4j..", "org.jspecify.."};

  private static final String MICROMETER = "io.micrometer..";

  /** Each package of core, and the packages of core on which it may depend. */
  private static final Map<String, List<String>> LAYERS =
      Map.ofEntries(
          Map.entry("io.bowline.message", List.of()),
          Map.entry("io.bowline.retry", List.of()),
          Map.entry("io.bowline.id", List.of("io.bowline.machine", "io.bowline.retry")),
          Map.entry("io.bowline.telemetry", List.of(MICROMETER)),
          Map.entry("io.bowline.machine", List.of("io.bowline.retry")),
          Map.entry(
              "io.bowline.transport",
              List.of(
                  "io.bowline.message",
                  "io.bowline.audit",
                  "io.bowline.machine",
                  "io.bowline.telemetry",
                  MICROMETER)),
          Map.entry("io.bowline.audit", List.of("io.bowline.message")),
          Map.entry("io.bowline.gap", List.of("io.bowline.message")),
          Map.entry("io.bowline.report", List.of("io.bowline.message", "io.bowline.gap")),
          Map.entry("io.bowline.attempt", List.of()),
          Map.entry("io.bowline.dedupe", List.of()),
          Map.entry("io.bowline.lock", List.of("io.bowline.message", "io.bowline.retry")),
          Map.entry("io.bowline.sequence", List.of("io.bowline.message")),
          Map.entry("io.bowline.backlog", List.of("io.bowline.transport")),
          Map.entry(
              "io.bowline.producer",
              List.of(
                  "io.bowline.message",
                  "io.bowline.machine",
                  "io.bowline.retry",
                  "io.bowline.report",
                  "io.bowline.sequence",
                  "io.bowline.id",
                  "io.bowline.telemetry",
                  "io.bowline.transport",
                  MICROMETER)),
          Map.entry(
              "io.bowline.outbox",
              List.of(
                  "io.bowline.message",
                  "io.bowline.retry",
                  "io.bowline.sequence",
                  "io.bowline.telemetry",
                  "io.bowline.transport",
                  "io.bowline.producer",
                  MICROMETER)),
          Map.entry(
              "io.bowline.consumer",
              List.of(
                  "io.bowline.message",
                  "io.bowline.machine",
                  "io.bowline.retry",
                  "io.bowline.gap",
                  "io.bowline.report",
                  "io.bowline.attempt",
                  "io.bowline.dedupe",
                  "io.bowline.backlog",
                  "io.bowline.id",
                  "io.bowline.telemetry",
                  "io.bowline.transport",
                  "io.bowline.producer",
                  MICROMETER)),
          Map.entry(
              "io.bowline.replay",
              List.of(
                  "io.bowline.message",
                  "io.bowline.machine",
                  "io.bowline.retry",
                  "io.bowline.id",
                  "io.bowline.telemetry",
                  "io.bowline.transport",
                  "io.bowline.producer")),
          Map.entry(
              "io.bowline",
              List.of(
                  "io.bowline.audit",
                  "io.bowline.machine",
                  "io.bowline.telemetry",
                  "io.bowline.transport",
                  "io.bowline.producer",
                  "io.bowline.consumer",
                  "io.bowline.replay",
                  MICROMETER)));

  /** Each transport's packages, and the packages of its client. */
  private static final Map<String, String> CLIENTS =
      Map.of(
          "io.bowline.kafka..", "org.apache.kafka..",
          "io.bowline.rabbitmq..", "com.rabbitmq..",
          "io.bowline.rocketmq..", "org.apache.rocketmq..");

  private static final String ROCKET_PROTOCOL = "apache.rocketmq..";
  private static final String JSON = "io.bowline.codec.jackson..";
  private static final String JDBC = "io.bowline.jdbc..";
  private static final String REDIS = "io.bowline.redis..";
  private static final String ZOOKEEPER = "io.bowline.zookeeper..";

  /** Deletes records behind a group's back, which no transport does. */
  private static final String OPERATOR = "io.bowline.examples.GapAlarm";

  private static final String EXAMPLES = "io.bowline.examples..";
  private static final String CLI = "io.bowline.cli..";
  private static final String TESTKIT = "io.bowline.testkit..";

  @Test
  void theClassesOfEveryModuleAreSeen() {
    Stream.of(LAYERS.keySet(), CLIENTS.keySet(), Set.of(JSON, JDBC, REDIS, ZOOKEEPER, CLI))
        .flatMap(Set::stream)
        .map(name -> name.replace("..", ""))
        .forEach(
            name ->
                assertTrue(
                    ALL.stream().anyMatch(type -> type.getPackageName().equals(name)),
                    () -> "No class of " + name + " is on the class path"));
  }

  @Test
  void corePackagesDependDownwards() {
    LAYERS.forEach((name, below) -> layer(name, below).check(ALL));
  }

  @Test
  void aDependencyUpwardsIsCaught() {
    ArchRule withoutProducer = layer("io.bowline.consumer", List.of("io.bowline.message"));
    assertThrows(AssertionError.class, () -> withoutProducer.check(ALL));
  }

  private static ArchRule layer(String name, List<String> below) {
    String[] allowed =
        Stream.of(Stream.of(name), below.stream(), Stream.of(LIBRARIES))
            .flatMap(names -> names)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .because("core is layered, and has no run-time dependency but slf4j and micrometer");
  }

  @Test
  void corePackagesAreAllInALayer() {
    List<String> unknown =
        Repository.files().stream()
            .filter(file -> file.module().equals("core") && file.isMain() && file.isJava())
            .map(file -> file.folder().replaceFirst(".*/java/", "").replace('/', '.'))
            .distinct()
            .filter(name -> !LAYERS.containsKey(name))
            .toList();
    assertTrue(unknown.isEmpty(), () -> "Say in LAYERS what these may depend on: " + unknown);
  }

  @Test
  void noPackagesDependOnEachOther() {
    SlicesRuleDefinition.slices().matching("io.bowline.(*)..").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void aClientIsUsedOnlyByItsTransport() {
    CLIENTS.forEach((transport, client) -> onlyIn(transport, client).check(ALL));
    onlyIn("io.bowline.rocketmq..", ROCKET_PROTOCOL).check(ALL);
    onlyIn(JSON, "tools.jackson..").check(ALL);
    onlyIn(REDIS, "io.lettuce..").check(ALL);
    onlyIn(ZOOKEEPER, "org.apache.curator..").check(ALL);
    onlyIn(ZOOKEEPER, "org.apache.zookeeper..").check(ALL);
    onlyIn(CLI, "picocli..").check(ALL);
  }

  @Test
  void aClientElsewhereIsCaught() {
    ArchRule inCore = onlyIn("io.bowline.message..", "org.apache.kafka..");
    assertThrows(AssertionError.class, () -> inCore.check(ALL));
  }

  private static ArchRule onlyIn(String transport, String client) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(transport)
        .and()
        .doNotHaveFullyQualifiedName(OPERATOR)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(client)
        .because("only a broker's own transport knows its client");
  }

  @Test
  void onlyExamplesDependOnATransport() {
    for (String transport : CLIENTS.keySet()) {
      onlyTheseUse(transport, EXAMPLES)
          .because("a transport is found by its address, so that another may take its place")
          .check(ALL);
    }
  }

  @Test
  void onlyProgramsDependOnAStore() {
    for (String store : List.of(JDBC, REDIS, ZOOKEEPER)) {
      onlyTheseUse(store, EXAMPLES, CLI)
          .because("a store is handed in, so that another may take its place")
          .check(ALL);
    }
  }

  private static ArchRule onlyTheseUse(String part, String... users) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(part)
        .and()
        .resideOutsideOfPackages(users)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(part);
  }

  @Test
  void transportsDoNotDependOnTheTestkit() {
    noClasses()
        .that()
        .resideOutsideOfPackages(TESTKIT, EXAMPLES)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TESTKIT)
        .because("what tests need is not for production")
        .check(ALL);
  }

  /** Kits and fixtures are there to be extended. */
  @Test
  void classesAreFinalUnlessAbstract() {
    classes()
        .that()
        .resideOutsideOfPackage(TESTKIT)
        .and()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .because("what is not written to be extended breaks when it is")
        .check(ALL);
  }

  @Test
  void decisionsArePure() {
    Set<String> names = PureClasses.names(Repository.files());
    names.forEach(
        name -> assertTrue(ALL.contain(name), () -> name + " decides, but is not to be found"));
    PureClasses.only(names).check(ALL);
  }

  @Test
  void anImpureDecisionIsCaught() {
    for (String impure :
        List.of("io.bowline.producer.SendThreads", "io.bowline.retry.SteadyClock")) {
      assertFalse(PureClasses.only(Set.of(impure)).evaluate(ALL).getFailureReport().isEmpty());
    }
  }
}
