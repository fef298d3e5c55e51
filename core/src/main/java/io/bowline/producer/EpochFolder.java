// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * Remembers epochs in a folder, a file for each source, through crashes and restarts. Processes may
 * share the folder, and open one producer of a source at a time. Thread-safe.
 */
public final class EpochFolder implements EpochStore {
  private static final int MOST_OF_A_NAME = 100;

  private final Path folder;

  /**
   * Remembers in this folder, which is made if it is not there.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  public EpochFolder(Path folder) {
    this.folder = folder;
    try {
      Path unused = Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Making the folder " + folder + " for epochs failed: may this process write there?", e);
    }
  }

  @Override
  @SuppressWarnings("try") // the lock is held, and nothing more
  public synchronized OptionalLong begin(String source, long epoch) {
    String name = name(source);
    try (FileChannel guard = FileChannel.open(folder.resolve(name + ".lock"), CREATE, WRITE);
        FileLock lock = guard.lock()) {
      Path file = folder.resolve(name);
      OptionalLong before = read(file);
      write(file, Long.toHexString(epoch));
      return before;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Remembering the epoch of source " + source + " in " + folder + " failed", e);
    }
  }

  /** Letters of any kind, and a length that file systems take. */
  private static String name(String source) {
    String name = HexFormat.of().formatHex(source.getBytes(UTF_8));
    return name.length() <= MOST_OF_A_NAME
        ? name
        : name.substring(0, MOST_OF_A_NAME) + "-" + Integer.toHexString(source.hashCode());
  }

  private static OptionalLong read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    String text = Files.readString(file, UTF_8).trim();
    try {
      return OptionalLong.of(Long.parseLong(text, 16));
    } catch (NumberFormatException e) {
      throw new IOException(
          file + " holds no epoch: delete it, and the next producer follows none", e);
    }
  }

  /** Whole, or not at all, and on the disk. */
  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out = FileChannel.open(fresh, CREATE, TRUNCATE_EXISTING, WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        int unused = out.write(bytes);
      }
      out.force(true);
    }
    Path unused = Files.move(fresh, file, ATOMIC_MOVE, REPLACE_EXISTING);
  }
}
