// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The jars of a server, as its module under {@code servers/} wrote them down when it was built:
 * they never meet the class path of the tests.
 *
 * @param module the module's folder, such as {@code kafka}
 * @param file the list of jars, beside which {@code classes} holds the module's own
 */
record ServerClasspath(String module, Path file) {

  private static final String IN_ROOT = "servers/%s/target/server.classpath";

  /**
   * Looks at the system property {@code bowline.server.<module>.classpath}, then in the folder
   * named by {@code bowline.root}, then in the working folder and above.
   *
   * @throws IllegalStateException that says how to build the file, if it is nowhere
   */
  static ServerClasspath of(String module) {
    String property = "bowline.server." + module + ".classpath";
    String given = System.getProperty(property);
    if (given != null) {
      return new ServerClasspath(module, Path.of(given).toAbsolutePath());
    }
    return roots().stream()
        .map(root -> root.resolve(IN_ROOT.formatted(module)))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(found -> new ServerClasspath(module, found))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The %s server is not built: run 'mvn package -DskipTests -pl servers/%s' "
                            .formatted(module, module)
                        + "in Bowline's root folder, or set the system property "
                        + property));
  }

  private static List<Path> roots() {
    List<Path> roots = new ArrayList<>();
    Optional.ofNullable(System.getProperty("bowline.root")).map(Path::of).ifPresent(roots::add);
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      roots.add(up);
    }
    return roots;
  }

  /** The version in the name of {@code <artifact>-<version>.jar}. */
  String version(String artifact) {
    String prefix = artifact + "-";
    return Arrays.stream(jars().split(File.pathSeparator))
        .map(jar -> Path.of(jar).getFileName().toString())
        .filter(jar -> jar.startsWith(prefix) && jar.endsWith(".jar"))
        .map(jar -> jar.substring(prefix.length(), jar.length() - ".jar".length()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No " + prefix + "*.jar is in " + file));
  }

  /** A command that runs a main class on these jars, with the Java that runs us. */
  List<String> java(ServerFolder folder, List<String> options, List<String> mainAndArguments) {
    String classpath = file.resolveSibling("classes") + File.pathSeparator + jars();
    String arguments = String.join("\n", options) + "\n-cp \"" + classpath + "\"\n";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A file, since a hundred jars make a command line that nobody can read.
    command.add("@" + folder.write(module + ".args", arguments));
    command.addAll(mainAndArguments);
    return command;
  }

  private String jars() {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the class path of " + module + ", " + file, e);
    }
  }
}
