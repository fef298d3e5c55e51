// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Processor time by thread, the JVM's own included, and how often each had to wait: what Linux
 * tells under {@code /proc}. Elsewhere it knows nothing.
 */
public final class ThreadCosts {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String WAITS = "voluntary_ctxt_switches:";
  private static final int MOST_LINES = 12;

  private final Map<String, Costs> before = read();

  private record Costs(String name, long nanos, long waits) {

    Costs minus(Costs other) {
      return new Costs(name, nanos - other.nanos, waits - other.waits);
    }

    boolean compiles() {
      return name.matches("C[12] Compiler.*");
    }
  }

  /** The time since this was made of the threads that compile. */
  long compiling() {
    return since().stream().filter(Costs::compiles).mapToLong(Costs::nanos).sum();
  }

  /** The dearest threads since this was made, per message: where to look for what costs. */
  public String dearest(long messages) {
    StringBuilder lines = new StringBuilder();
    since().stream()
        .sorted(Comparator.comparingLong(costs -> -costs.nanos))
        .limit(MOST_LINES)
        .forEach(
            costs ->
                lines.append(
                    "      %-16s %7.3f us %7.3f waits%n"
                        .formatted(
                            costs.name,
                            costs.nanos / 1e3 / messages,
                            (double) costs.waits / messages)));
    return lines.toString();
  }

  private List<Costs> since() {
    return read().entrySet().stream()
        .map(now -> now.getValue().minus(before.getOrDefault(now.getKey(), new Costs("", 0, 0))))
        .toList();
  }

  private static Map<String, Costs> read() {
    Map<String, Costs> found = new HashMap<>();
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : tasks.toList()) {
        found.put(task.getFileName().toString(), costs(task));
      }
    } catch (IOException notLinuxOrEnded) {
      return found;
    }
    return found;
  }

  private static Costs costs(Path task) throws IOException {
    String name = Files.readString(task.resolve("comm")).strip();
    String running = Files.readString(task.resolve("schedstat")).strip();
    long waits =
        Files.readAllLines(task.resolve("status")).stream()
            .filter(line -> line.startsWith(WAITS))
            .map(line -> line.substring(WAITS.length()).strip())
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0);
    return new Costs(name, Long.parseLong(running.substring(0, running.indexOf(' '))), waits);
  }
}
