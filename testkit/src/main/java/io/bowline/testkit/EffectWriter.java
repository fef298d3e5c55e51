// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.gap.Gap;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Adds effects to a journal that several processes share. A line is one write to the end of the
 * file, so the journal's order is the order in which things happened, in whatever process, and a
 * line that was written survives its writer's death. Thread-safe.
 */
final class EffectWriter implements AutoCloseable {
  static final String BEGAN = "began";
  static final String DID = "did";
  static final String MISSES = "misses";

  /** Stands for no key, or no number. */
  static final String NONE = "-";

  /** Ends each line, so that one cut off by a kill is known for it. */
  static final String END = " .";

  private final FileOutputStream out;
  private final String name;

  /** Of the member of this name; the journal is made if it is not there. */
  EffectWriter(Path journal, String name) throws IOException {
    this.out = new FileOutputStream(journal.toFile(), true);
    this.name = name;
  }

  /** The handler was called. */
  void began(Received message) {
    write(BEGAN, message, "");
  }

  /** The handler did its work, and is about to return. */
  void did(Received message) {
    write(DID, message, message.text());
  }

  /** Numbers were named as missing. */
  void misses(Gap gap) {
    write(String.join(" ", MISSES, name, gap.topic(), NONE, NONE, NONE, gap.toString()));
  }

  private void write(String what, Received message, String body) {
    String number = message.stamp().flatMap(Stamp::keyNumber).map(EffectWriter::text).orElse(NONE);
    String key = message.key().orElse(NONE);
    write(String.join(" ", what, name, message.topic(), message.id(), key, number, body));
  }

  private void write(String line) {
    try {
      out.write(('\n' + line + END + '\n').getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing " + line, e);
    }
  }

  private static String text(Stamp.KeyNumber number) {
    return number.sequence()
        + ":"
        + number.voided()
        + ":"
        + number.lastVoided()
        + ":"
        + number.first();
  }

  /** The number that was written so. */
  static Stamp.KeyNumber number(String text) {
    String[] parts = text.split(":", 4);
    return new Stamp.KeyNumber(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Boolean.parseBoolean(parts[3]));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
