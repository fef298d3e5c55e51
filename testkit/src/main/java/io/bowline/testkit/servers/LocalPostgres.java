// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL as a child process on a free loopback port, with a data folder of its own, all gone
 * after {@link BrokerServer#close}. It needs about 50 MB, and starts in a second.
 */
public final class LocalPostgres {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Duration INITIALIZED_WITHIN = Duration.ofSeconds(60);

  private LocalPostgres() {}

  /**
   * Starts one that nobody else uses: the newest that this machine has. Its address is {@code
   * jdbc:postgresql://127.0.0.1:<port>/postgres?user=postgres}. It does not wait for its disk, so
   * it survives kills, though no power cut.
   *
   * @param settings further ones, such as {@code "fsync=on"}
   * @throws IllegalStateException if there is none, or if it does not serve clients in 60 s
   */
  public static BrokerServer startNew(String... settings) {
    return startOwn(settings);
  }

  static LocalDatabase startOwn(String... settings) {
    Path installed =
        newest()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "No PostgreSQL on this machine; run scripts/databases"));
    ServerFolder folder = ServerFolder.create("postgres");
    try {
      int port = FreePorts.take(1).get(0);
      Path data = dataFolder(folder);
      folder.run("initdb", as(initdb(installed, data)), INITIALIZED_WITHIN);
      LocalDatabase.Recipe recipe =
          new LocalDatabase.Recipe(
              "PostgreSQL " + installed.getFileName(),
              "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres",
              as(server(installed, data, port, settings)),
              DatabaseQuestion.POSTGRES);
      return new LocalDatabase(folder, port, recipe).started();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** The folder of the newest version. */
  private static Optional<Path> newest() {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .max((one, other) -> Integer.compare(number(one), number(other)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + VERSIONS, e);
    }
  }

  private static int number(Path version) {
    String name = version.getFileName().toString();
    return name.matches("\\d+") ? Integer.parseInt(name) : 0;
  }

  /** A data folder that belongs to whom the server runs as, who may also pass by its parent. */
  private static Path dataFolder(ServerFolder folder) {
    Path data = folder.path().resolve("data");
    try {
      Files.createDirectory(data);
      if (isRoot()) {
        folder.letPass();
        Files.setOwner(
            data,
            data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
      }
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a data folder of user postgres, " + data, e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** PostgreSQL refuses to run as root. */
  private static List<String> as(List<String> command) {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    words.addAll(command);
    return words;
  }

  private static List<String> initdb(Path installed, Path data) {
    return List.of(
        installed.resolve("bin/initdb").toString(),
        "-D",
        data.toString(),
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--no-sync");
  }

  private static List<String> server(Path installed, Path data, int port, String... settings) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of(installed.resolve("bin/postgres").toString(), "-D", data.toString()));
    words.addAll(List.of("-p", "" + port));
    List<String> all = new ArrayList<>();
    all.add("listen_addresses=127.0.0.1");
    all.add("unix_socket_directories=");
    all.add("shared_buffers=32MB");
    all.add("fsync=off");
    all.add("max_connections=200");
    all.addAll(List.of(settings)); // of two for one name the last one counts
    for (String setting : all) {
      words.addAll(List.of("-c", setting));
    }
    return words;
  }
}
