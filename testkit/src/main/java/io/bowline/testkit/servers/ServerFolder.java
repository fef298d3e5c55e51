// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;

/**
 * The data and the processes of one local server, which end together: by {@link #close}, or when
 * the JVM shuts down. Thread-safe.
 */
final class ServerFolder implements AutoCloseable {

  private static final Set<ServerFolder> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> List.copyOf(OPEN).forEach(ServerFolder::close), "bowline-servers"));
  }

  private final Path path;
  private final Collection<ServerProcess> processes = new ConcurrentLinkedDeque<>();

  private ServerFolder(Path path) {
    this.path = path;
  }

  /** A new empty folder under the system's temporary folder. */
  static ServerFolder create(String server) {
    return createIn(Path.of(System.getProperty("java.io.tmpdir")), server);
  }

  /** A new empty folder under the given one, for a server that sees only a part of the files. */
  static ServerFolder createIn(Path parent, String server) {
    try {
      ServerFolder folder =
          new ServerFolder(Files.createTempDirectory(parent, "bowline-" + server + "-"));
      OPEN.add(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for the data of " + server, e);
    }
  }

  Path path() {
    return path;
  }

  /** Writes a file afresh and returns where it is. */
  Path write(String file, String content) {
    Path target = path.resolve(file);
    try {
      return Files.writeString(target, content);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
  }

  /** A process, not started, that runs in this folder with exactly this environment. */
  ServerProcess process(String name, List<String> command, Map<String, String> environment) {
    ServerProcess process = new ServerProcess(name, path, command, environment);
    processes.add(process);
    return process;
  }

  /**
   * Runs a command in this folder to its end, and returns what it said, which is also in {@code
   * <name>.log}.
   *
   * @throws IllegalStateException if it fails or does not end in time, with what it said
   */
  String run(String name, List<String> command, Duration bound) {
    ServerProcess process = process(name, command, LocalDatabase.ENVIRONMENT);
    process.start();
    return process.awaitEnd(bound);
  }

  /** Lets other users of this machine pass by this folder to what they own in it. */
  void letPass() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Kills the processes and removes the folder; a second call does nothing. */
  @Override
  public synchronized void close() {
    processes.forEach(ServerProcess::close);
    delete(path);
    OPEN.remove(this);
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void delete(Path folder) {
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException alreadyGone) {
      // As it should be.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the folder " + folder, e);
    }
  }
}
