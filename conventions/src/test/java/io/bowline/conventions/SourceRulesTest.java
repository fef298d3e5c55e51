// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every file of the repository keeps the rules; there is no list of exceptions. */
final class SourceRulesTest {
  private static final List<SourceFile> FILES = Repository.files();

  @Test
  void theRepositoryIsSeen() {
    List<String> modules = FILES.stream().map(SourceFile::module).distinct().toList();
    Stream.of("core", "testkit", "transport-kafka", "examples", "conventions", "servers/kafka")
        .forEach(
            module ->
                assertTrue(
                    modules.contains(module),
                    () -> "No sources of " + module + " in " + Repository.root()));
  }

  @Test
  void methodsAreShort() {
    holds(SizeRules::methods);
  }

  @Test
  void filesAreShort() {
    holds(SizeRules::files);
  }

  @Test
  void parametersAreFew() {
    holds(SizeRules::parameters);
  }

  @Test
  void nestingIsShallow() {
    holds(SizeRules::nesting);
  }

  @Test
  void typesAreNamedAfterTheDomain() {
    holds(NameRules::types);
  }

  @Test
  void packagesAreNamedAfterTheDomain() {
    holds(NameRules::packages);
  }

  @Test
  void coreTakesTimeAndChanceFromOutside() {
    holds(CallRules::timeAndChance);
  }

  @Test
  void storesTakeTimeFromTheirServers() {
    holds(CallRules::timeOfStores);
  }

  @Test
  void nothingSleeps() {
    holds(CallRules::sleeping);
  }

  @Test
  void nothingPrintsStackTraces() {
    holds(CallRules::stackTraces);
  }

  @Test
  void librariesDoNotEndTheProgram() {
    holds(CallRules::exits);
  }

  @Test
  void librariesLogInsteadOfPrinting() {
    holds(CallRules::printing);
  }

  @Test
  void nobodySignsHisCode() {
    holds(DocRules::authors);
  }

  @Test
  void publicTypesAreDocumented() {
    holds(DocRules::publicTypes);
  }

  @Test
  void publicMethodsAreDocumented() {
    holds(DocRules::publicMethods);
  }

  @Test
  void everyFileHasItsLicence() {
    holds(TextRules::licences);
  }

  @Test
  void noPathOfOneMachineIsTold() {
    holds(TextRules::machinePaths);
  }

  @Test
  void noRegistryIsNamed() {
    holds(TextRules::registries);
  }

  @Test
  void onlyItsTransportKnowsABroker() {
    holds(TextRules::brokerPackages);
  }

  @Test
  void everyPackageSaysWhatItIs() {
    Findings.none(PackageRules.sentences(FILES));
  }

  @Test
  void everyPackageHasOneModule() {
    Findings.none(PackageRules.splits(FILES));
  }

  private static void holds(Rule rule) {
    Findings.none(FILES.stream().flatMap(rule::check));
  }
}
