// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.cli.Shell.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code java -jar bowline.jar} as a user does. */
final class Jar {
  private static final long WITHIN_SECONDS = 120;

  private Jar() {}

  static Result run(String... args) {
    Path jar = Path.of(System.getProperty("bowline.root", ".."), "cli/target/bowline.jar");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    words.addAll(List.of("-jar", jar.toString()));
    words.addAll(List.of(args));
    try {
      Path out = Files.createTempFile("bowline-cli", ".out");
      Path err = Files.createTempFile("bowline-cli", ".err");
      try {
        return run(words, out, err);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + jar, e);
    }
  }

  private static Result run(List<String> words, Path out, Path err) throws IOException {
    ProcessBuilder how = new ProcessBuilder(words);
    how.environment().remove(Access.PASSWORD);
    how.environment().remove(StoreAccess.PASSWORD);
    Process process = how.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("No end within 2 min: " + words);
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + words, e);
    } finally {
      process.destroyForcibly();
    }
  }
}
