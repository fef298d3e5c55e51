// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.kafka.KafkaVerdicts.Row;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.ApiException;
import org.junit.jupiter.api.Test;

/** The table against the client's exceptions, and against the documentation. */
final class KafkaVerdictsTableTest {
  private static final Set<Moment> OF_SENDS =
      Set.of(Moment.HANDING_OVER, Moment.FIRST_ANSWER, Moment.LATER_ANSWER);

  @Test
  void eachExceptionOfTheClientIsInTheTableOrUnknownOnPurpose() throws Exception {
    Set<String> onPurpose = new TreeSet<>(lines("unknown-on-purpose.txt"));
    Set<String> classified = new TreeSet<>();
    Set<String> unclassified = new TreeSet<>();
    for (Class<?> kind : exceptionsOfTheClient()) {
      (inTable(kind) ? classified : unclassified).add(kind.getSimpleName());
    }
    assertTrue(classified.size() >= 30, "found only " + classified);
    assertEquals(
        String.join("\n", onPurpose),
        String.join("\n", unclassified),
        "These exceptions have no row in SendVerdicts, so a send that sees one is UNKNOWN. Give a"
            + " new one its row, with the evidence, or name it in unknown-on-purpose.txt");
  }

  private static boolean inTable(Class<?> kind) {
    return KafkaVerdicts.TABLE.stream()
        .filter(row -> row.moment() != Moment.LATER_ANSWER && OF_SENDS.contains(row.moment()))
        .anyMatch(row -> row.words() == null && row.seen().isAssignableFrom(kind));
  }

  private static List<Class<?>> exceptionsOfTheClient() throws IOException, URISyntaxException {
    Path jar =
        Path.of(ApiException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String folder = ApiException.class.getPackageName().replace('.', '/') + "/";
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
          .map(name -> loaded(name.replace('/', '.').replace(".class", "")))
          .filter(Throwable.class::isAssignableFrom)
          .collect(Collectors.toList());
    }
  }

  private static Class<?> loaded(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(KafkaVerdictsTableTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void theDocumentationShowsThisTable() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("bowline.root")));
    String text = Files.readString(root.resolve("docs/transports.md"));
    String start = "<!-- KafkaVerdicts -->\n";
    int from = text.indexOf(start);
    assertTrue(from >= 0, "no line " + start);
    String shown = text.substring(from + start.length(), text.indexOf("\n\n", from));
    assertEquals(table(), shown.strip());
  }

  private static String table() {
    String rows =
        KafkaVerdicts.TABLE.stream()
            .filter(row -> OF_SENDS.contains(row.moment()))
            .map(KafkaVerdictsTableTest::line)
            .collect(Collectors.joining("\n"));
    return "| seen | exception | verdict | why |\n|---|---|---|---|\n" + rows;
  }

  private static String line(Row row) {
    String words = row.words() == null ? "" : ", \"… " + row.words() + " …\"";
    String end = endsProducer(row.seen()) ? "; ends the producer" : "";
    String name = row.seen() == Throwable.class ? "any" : "`" + row.seen().getSimpleName() + "`";
    return "| %s | %s | %s | %s |"
        .formatted(row.moment().words(), name + words, row.verdict(), row.why() + end);
  }

  private static boolean endsProducer(Class<?> seen) {
    return KafkaVerdicts.ENDS_PRODUCER.stream().anyMatch(kind -> kind.isAssignableFrom(seen));
  }
}
