// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static io.bowline.conventions.Findings.finds;
import static io.bowline.conventions.Findings.places;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What must not stand in a file is found, whatever its language. */
final class TextRulesTest {

  @Test
  void aMissingLicenceIsFound() {
    finds(TextRules::licences, CORE, "class A {}\n", 1);
    finds(TextRules::licences, CORE, TextRules.LICENCE + "\nclass A {}\n");
  }

  @Test
  void aPathOfOneMachineIsFound() {
    String text = "a\nfolder = /%s/bowline\nhttp://host/%<s/page\n./%<s/x\n";
    for (String folder : List.of("tmp", "work", "root", "home")) {
      finds(TextRules::machinePaths, CORE, text.formatted(folder), 2);
    }
  }

  @Test
  void aRegistryIsFound() {
    String scheme = "https:" + "//";
    for (String host :
        List.of("nexus.acme.example", "maven.acme.corp", "10.1.2.3", "repo1.x.org")) {
      finds(TextRules::registries, CORE, "a\n" + scheme + host + "/maven2\n", 2);
    }
    finds(TextRules::registries, CORE, scheme + "www.apache.org/licenses/registry\n");
  }

  @Test
  void aBrokerOutsideItsTransportIsFound() {
    String text = "import org.apache." + "kafka.clients.Client;\nString s = \"com." + "rabbitmq\";";
    finds(TextRules::brokerPackages, CORE, text, 1, 2);
    finds(TextRules::brokerPackages, "transport-kafka/src/test/java/io/bowline/kafka/", text, 2);
    finds(TextRules::brokerPackages, "servers/kafka/src/main/java/io/bowline/", text, 2);
    assertEquals(
        List.of(), places(TextRules::brokerPackages, new SourceFile("core/pom.xml", text)));
  }
}
