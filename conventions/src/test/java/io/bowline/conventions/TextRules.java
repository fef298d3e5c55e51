// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What must stand in every file, and what must not, whatever its language. */
final class TextRules {
  static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0";

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.})-])/(?:tmp|work|root|home)/\\w");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "https?://[^/\\s\"]*(?:artifactory|nexus|jfrog|registry|mirror|repo\\d?\\."
              + "|\\.internal\\b|\\.corp\\b|\\.lan\\b)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PRIVATE_NETWORK =
      Pattern.compile(
          "https?://(?:[^/@\\s]*@)?(?:10\\.\\d|192\\.168\\.|172\\.(?:1[6-9]|2\\d|3[01])\\.)");

  /**
   * Which modules may name the packages of a broker or database; the text check also sees
   * reflection.
   */
  private static final Map<String, Set<String>> BROKER_PACKAGES =
      Map.of(
          "org.apache.kafka",
          Set.of(
              "transport-kafka",
              "servers/kafka",
              "store-jdbc",
              "examples", // GapAlarm deletes records, as an operator does
              "benchmarks",
              "benchmarks/outboxes",
              "benchmarks/parallel-consumer"),
          "com.rabbitmq",
          Set.of("transport-rabbitmq", "benchmarks"),
          "apache.rocketmq",
          Set.of("transport-rocketmq", "servers/rocketmq", "benchmarks"),
          "io.lettuce",
          Set.of("store-redis", "benchmarks"),
          "org.apache.curator",
          Set.of("store-zookeeper"),
          "org.apache.zookeeper",
          Set.of("store-zookeeper", "servers/zookeeper"));

  private TextRules() {}

  static Stream<Finding> licences(SourceFile file) {
    return file.isJava() && !file.text().startsWith(LICENCE + "\n")
        ? Stream.of(file.finding(1, "no licence line", "Begin the file with " + LICENCE))
        : Stream.empty();
  }

  /** A path inside a container's image is not one of this machine. */
  static Stream<Finding> machinePaths(SourceFile file) {
    if (file.name().toLowerCase(Locale.ROOT).startsWith("containers")) {
      return Stream.empty();
    }
    return file.linesWith(MACHINE_PATH)
        .mapToObj(
            line ->
                file.finding(
                    line,
                    "a path of one machine",
                    "Take the folder from a property, an argument or a temporary directory"));
  }

  static Stream<Finding> registries(SourceFile file) {
    return Stream.of(REGISTRY, PRIVATE_NETWORK)
        .flatMapToInt(file::linesWith)
        .mapToObj(
            line ->
                file.finding(
                    line,
                    "the host of a registry, or of a private network",
                    "Leave it to the settings of whoever builds"));
  }

  /**
   * Logging configurations name packages without depending on them, and so do these rules, and the
   * settings of a server that is started from its own jars.
   */
  static Stream<Finding> brokerPackages(SourceFile file) {
    String module = file.module();
    boolean harmless = module.isEmpty() || module.equals("conventions");
    boolean settings = module.equals("testkit") && file.name().startsWith("Local");
    if (harmless || settings || file.name().startsWith("logback")) {
      return Stream.empty();
    }
    return BROKER_PACKAGES.entrySet().stream()
        .filter(rule -> !rule.getValue().contains(module))
        .flatMap(
            rule ->
                file.linesWith(Pattern.compile(Pattern.quote(rule.getKey())))
                    .mapToObj(
                        line ->
                            file.finding(
                                line,
                                rule.getKey() + " outside " + rule.getValue(),
                                "Only a broker's own transport knows its client, and who measures"
                                    + " it")));
  }
}
