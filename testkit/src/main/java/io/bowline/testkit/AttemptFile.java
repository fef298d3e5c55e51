// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Counts attempts in a file to which lines are added, for services that follow one another and end
 * at any moment. Thread-safe; for one process at a time.
 */
final class AttemptFile implements AttemptStore, AutoCloseable {
  private static final char BEGAN = '+';
  private static final char FORGIVEN = '-';
  private static final char CLEARED = '0';

  private final Map<String, Integer> counts = new HashMap<>();
  private final FileOutputStream out;

  /** What the file holds goes on; it is made if it is not there. */
  AttemptFile(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.readAllLines(file, UTF_8).stream()
          .filter(line -> !line.isEmpty())
          .forEach(line -> count(line.charAt(0), line.substring(1)));
    }
    out = new FileOutputStream(file.toFile(), true);
  }

  private int count(char what, String name) {
    int before = counts.getOrDefault(name, 0);
    int now = what == BEGAN ? before + 1 : what == FORGIVEN ? Math.max(0, before - 1) : 0;
    counts.put(name, now);
    return now;
  }

  private synchronized List<Integer> write(char what, List<AttemptKey> messages) {
    List<Integer> now = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (AttemptKey key : messages) {
      String name = HexFormat.of().formatHex(key.toString().getBytes(UTF_8));
      now.add(count(what, name));
      lines.append('\n').append(what).append(name).append('\n');
    }
    try {
      out.write(lines.toString().getBytes(UTF_8));
      out.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException("Counting attempts at " + messages, e);
    }
    return now;
  }

  @Override
  public List<Integer> begin(List<AttemptKey> messages) {
    return write(BEGAN, messages);
  }

  @Override
  public void forgive(List<AttemptKey> messages) {
    var unused = write(FORGIVEN, messages);
  }

  @Override
  public void clear(List<AttemptKey> messages) {
    var unused = write(CLEARED, messages);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
