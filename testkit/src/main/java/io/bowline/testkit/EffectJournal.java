// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A journal of effects as it grows. Not thread-safe. */
final class EffectJournal implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final Effects effects;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** A new and empty one, whose lines go there. */
  EffectJournal(Effects effects) {
    this.effects = effects;
    try {
      path = Files.createTempFile("bowline-effects", ".journal");
      file = new RandomAccessFile(path.toFile(), "r");
    } catch (IOException e) {
      throw new UncheckedIOException("Making a journal of effects", e);
    }
  }

  /** Where members write. */
  Path path() {
    return path;
  }

  /** Reads what was written since; whether there was anything. */
  boolean read() {
    boolean any = false;
    try {
      for (int read = file.read(buffer); read > 0; read = file.read(buffer)) {
        any = true;
        take(read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Reading effects from " + path, e);
    }
    return any;
  }

  private void take(int length) {
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        effects.line(line.toString(UTF_8));
        line.reset();
      } else {
        line.write(buffer[i]);
      }
    }
  }

  @Override
  public void close() {
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Removing " + path, e);
    }
  }
}
