// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk of a mebibyte in memory, which can be made larger; who may not mount skips the test. */
final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  static SmallDisk mounted() throws IOException {
    Path path = Files.createTempDirectory("bowline-disk-");
    String options = "size=1m,mode=0777";
    if (run("mount", "-t", "tmpfs", "-o", options, "bowline-test", path.toString()) != 0) {
      Files.delete(path);
      abort("No disk can be mounted by this user: a full disk is not tried");
    }
    return new SmallDisk(path);
  }

  /** An empty folder on it, of this user. */
  Path folder(String owner) throws IOException {
    Path folder = Files.createDirectory(path.resolve("data"));
    Files.setOwner(
        folder,
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
    return folder;
  }

  void grow() throws IOException {
    assertEquals(0, run("mount", "-o", "remount,size=64m", path.toString()));
  }

  private static int run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
    return process.onExit().orTimeout(30, TimeUnit.SECONDS).join().exitValue();
  }

  @Override
  public void close() throws IOException {
    assertEquals(0, run("umount", path.toString()));
    Files.delete(path);
  }
}
