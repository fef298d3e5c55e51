// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A RabbitMQ that this machine can run: its own, or one in a Debian folder entered by chroot.
 *
 * @param root the folder that the server sees as {@code /}; {@code /} itself for the machine's own
 * @param version of the server, such as {@code 4.0.5}
 */
record LocalRabbitInstallation(Path root, String version) {

  private static final Path MACHINE = Path.of("/");
  private static final String SERVER = "usr/lib/rabbitmq/bin/rabbitmq-server";
  private static final String VERSIONS = "usr/lib/rabbitmq/lib";
  private static final String VERSION_PREFIX = "rabbitmq_server-";

  /** What {@code scripts/rabbitmq-4} writes last. */
  private static final String MARKER = "rabbitmq-version";

  /** The newest that runs here: the one made by {@code scripts/rabbitmq-4}, or the machine's. */
  static Optional<LocalRabbitInstallation> newest() {
    return inFolder(folder()).or(LocalRabbitInstallation::ofMachine);
  }

  /** The one installed on this machine by its package manager. */
  static Optional<LocalRabbitInstallation> ofMachine() {
    return at(MACHINE);
  }

  /** The one below a folder made by {@code scripts/rabbitmq-4}, if this user can run it. */
  static Optional<LocalRabbitInstallation> inFolder(Path folder) {
    boolean usable =
        "root".equals(System.getProperty("user.name"))
            && Files.isRegularFile(folder.resolve(MARKER))
            && procIsMounted(folder);
    return usable ? at(folder) : Optional.empty();
  }

  /** Where {@code scripts/rabbitmq-4} puts its folder. */
  static Path folder() {
    String chosen = System.getenv("BOWLINE_RABBITMQ4");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return caches.resolve("bowline/rabbitmq-4").toAbsolutePath();
  }

  /** The command that becomes the given program of this installation (by exec, so one process). */
  List<String> command(String... program) {
    List<String> words = List.of(program);
    return isMachine()
        ? words
        : Stream.concat(Stream.of("chroot", root.toString()), words.stream()).toList();
  }

  /** The same path as the server sees it. */
  Path seenInside(Path outside) {
    return isMachine() ? outside : MACHINE.resolve(root.relativize(outside));
  }

  /** A new folder that the server can see, for one server's configuration and data. */
  ServerFolder newFolder() {
    return isMachine()
        ? ServerFolder.create("rabbitmq")
        : ServerFolder.createIn(root.resolve("srv"), "rabbitmq");
  }

  private boolean isMachine() {
    return root.equals(MACHINE);
  }

  private static Optional<LocalRabbitInstallation> at(Path root) {
    Path versions = root.resolve(VERSIONS);
    if (!Files.isExecutable(root.resolve(SERVER)) || !Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith(VERSION_PREFIX))
          .map(name -> new LocalRabbitInstallation(root, name.substring(VERSION_PREFIX.length())))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + versions, e);
    }
  }

  /** Without /proc the server dies while it boots; a reboot takes the script's mount away. */
  private static boolean procIsMounted(Path folder) {
    Path proc = folder.resolve("proc");
    if (Files.exists(proc.resolve("self"))) {
      return true;
    }
    try {
      return new ProcessBuilder("mount", "-t", "proc", "proc", proc.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
