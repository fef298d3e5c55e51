// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.Bowline;
import io.bowline.message.Message;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A service without a database, in a process of its own: it tells each id that is stored. */
final class StoringProcess {
  static final String STORED = "stored ";
  static final String FAILED = "failed ";
  static final int KEYS = 5;

  private final Process process;
  private final BufferedReader lines;

  private StoringProcess(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts one.
   *
   * @param limit what the shell is told before, such as {@code ulimit -f 2048}
   * @param arguments file, broker, topic, and the number of the first message
   */
  static StoringProcess start(File log, String limit, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                limit + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                StoringProcess.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    try {
      return new StoringProcess(
          builder.redirectError(ProcessBuilder.Redirect.appendTo(log)).start());
    } catch (IOException e) {
      throw new UncheckedIOException("Starting a storing process", e);
    }
  }

  /** What it told next, its log aside; empty at its end. */
  String next() throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(STORED) && !line.startsWith(FAILED)) {
      line = lines.readLine();
    }
    return line == null ? "" : line;
  }

  /** SIGKILL; returns what it had said until then. A line that was cut off does not count. */
  List<String> kill() throws IOException {
    boolean unused = process.toHandle().destroyForcibly();
    List<String> rest = new ArrayList<>();
    for (String line = next(); !line.isEmpty(); line = next()) {
      rest.add(line);
    }
    process.onExit().join();
    return rest;
  }

  /** Stores until it is killed, or storing fails. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    int number = Integer.parseInt(arguments[3]);
    try (DurableProducer producer =
        DurableProducer.at(Path.of(arguments[0]), "shop")
            .open(() -> Bowline.connect(arguments[1]))) {
      for (; number < Integer.MAX_VALUE; number++) {
        Message message =
            Message.to(arguments[2])
                .key("k" + number % KEYS)
                .id("m" + number)
                .text(number + "x".repeat(500));
        String id = producer.send(message);
        out.print(STORED + id.substring(1) + ".\n");
        out.flush();
      }
    } catch (JdbcStoreException failure) {
      out.print(FAILED + failure.getMessage() + "\n");
      out.flush();
    }
  }
}
