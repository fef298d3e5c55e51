// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The text files of this repository, without what is built and what belongs to a tool. */
final class Repository {
  private static final Set<String> FOREIGN_FOLDERS =
      Set.of("target", ".git", ".idea", ".settings", ".vscode");

  private Repository() {}

  static Path root() {
    return Path.of(System.getProperty("bowline.root", ".."));
  }

  static List<SourceFile> files() {
    Path root = root();
    List<SourceFile> files = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Collector(root, files));
    } catch (IOException failure) {
      throw new UncheckedIOException("Reading the repository at " + root, failure);
    }
    return List.copyOf(files);
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<SourceFile> files;

    Collector(Path root, List<SourceFile> files) {
      this.root = root;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      boolean foreign = FOREIGN_FOLDERS.contains(folder.getFileName().toString());
      return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = root.relativize(file).toString().replace('\\', '/');
      try {
        byte[] bytes = Files.readAllBytes(file);
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        files.add(new SourceFile(path, text));
      } catch (CharacterCodingException binary) {
        // a file that is no text has no lines to check
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
