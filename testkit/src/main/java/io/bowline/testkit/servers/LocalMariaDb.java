// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * MariaDB as a child process on a free loopback port, with a data folder of its own, all gone after
 * {@link BrokerServer#close}. It needs about 100 MB, and starts in a second.
 */
public final class LocalMariaDb {
  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
  private static final Duration INSTALLED_WITHIN = Duration.ofSeconds(60);

  private LocalMariaDb() {}

  /**
   * Starts one that nobody else uses. Its address is {@code
   * jdbc:mariadb://127.0.0.1:<port>/bowline?user=root&sslMode=disable}; that database is empty. At
   * each commit it writes to the system, and does not wait for its disk: it survives kills, though
   * no power cut.
   *
   * @param settings further ones, such as {@code "--innodb-flush-log-at-trx-commit=1"}
   * @throws IllegalStateException if there is none here, or if it does not serve clients in 60 s
   */
  public static BrokerServer startNew(String... settings) {
    return startOwn(settings);
  }

  static LocalDatabase startOwn(String... settings) {
    if (!Files.isExecutable(SERVER)) {
      throw new IllegalStateException("No MariaDB on this machine; run scripts/databases");
    }
    ServerFolder folder = ServerFolder.create("mariadb");
    try {
      int port = FreePorts.take(1).get(0);
      folder.run("install", install(folder.path()), INSTALLED_WITHIN);
      folder.write("init.sql", "CREATE DATABASE IF NOT EXISTS bowline;\n");
      LocalDatabase.Recipe recipe =
          new LocalDatabase.Recipe(
              "MariaDB " + version(folder),
              "jdbc:mariadb://127.0.0.1:%d/bowline?user=root&sslMode=disable",
              server(folder.path(), port, settings),
              DatabaseQuestion.MARIADB);
      return new LocalDatabase(folder, port, recipe).started();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** It prints {@code mariadbd Ver 10.11.19-MariaDB-0+deb12u1 for …}. */
  private static String version(ServerFolder folder) {
    String said =
        folder.run("version", List.of(SERVER.toString(), "--version"), Duration.ofSeconds(30));
    return said.replaceFirst("(?s).*Ver\\s+([\\d.]+).*", "$1");
  }

  private static List<String> install(Path folder) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            "/usr/bin/mariadb-install-db",
            "--no-defaults",
            "--datadir=" + folder.resolve("data"),
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve"));
    words.addAll(asRoot());
    return words;
  }

  private static List<String> server(Path folder, int port, String... settings) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            SERVER.toString(),
            "--no-defaults",
            "--datadir=" + folder.resolve("data"),
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=" + folder.resolve("s.sock"),
            "--pid-file=" + folder.resolve("pid"),
            "--init-file=" + folder.resolve("init.sql"),
            "--skip-name-resolve",
            "--max-connections=200",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2"));
    words.addAll(asRoot());
    words.addAll(List.of(settings)); // of two for one name the last one counts
    return words;
  }

  private static List<String> asRoot() {
    return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
  }
}
