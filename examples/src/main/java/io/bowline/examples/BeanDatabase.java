// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a service keeps its tables: a given database, or an H2 in a folder of its own. */
final class BeanDatabase implements AutoCloseable {
  private final String url;
  private final @Nullable Path folder;

  private BeanDatabase(String url, @Nullable Path folder) {
    this.url = url;
    this.folder = folder;
  }

  /**
   * The database at this address, or a new one.
   *
   * @param url {@code jdbc:postgresql://…} or another that Bowline knows; null for a new H2
   */
  static BeanDatabase at(@Nullable String url) {
    if (url != null) {
      return new BeanDatabase(url, null);
    }
    try {
      Path folder = Files.createTempDirectory("bowline-beans");
      // H2 writes commits half a second late if it is not told otherwise: whoever is killed then
      // has acknowledged orders that its database forgot.
      return new BeanDatabase("jdbc:h2:file:" + folder.resolve("beans") + ";WRITE_DELAY=0", folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("No folder for a database could be made", failure);
    }
  }

  String url() {
    return url;
  }

  /** What it is, for people. */
  String name() {
    return folder == null ? url.replaceFirst("[?;].*", "") : "an H2 database of its own";
  }

  /** Connections to a database; whoever asks closes them. An embedded H2 serves one process. */
  static HikariDataSource pool(String url, int most) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(5_000);
    return new HikariDataSource(config);
  }

  /** Removes what was made for this story. */
  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      List<Path> deepestFirst = inside.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot remove " + folder, failure);
    }
  }
}
