// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;

/**
 * A module of this folder that does not go with the libraries of today, so it has a class loader of
 * its own, in the same process. What passes its door is of the JDK alone.
 */
public final class ModuleApart implements AutoCloseable {
  private final URLClassLoader classes;

  /** By its name, such as {@code outboxes}. */
  public ModuleApart(String name) throws IOException {
    Path target = Path.of(System.getProperty("bowline.root", "."), "benchmarks", name, "target");
    this.classes =
        new URLClassLoader(jars(target).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<URL> jars(Path target) throws IOException {
    List<URL> jars = new ArrayList<>();
    jars.add(url(target.resolve("classes").toString()));
    String classpath = Files.readString(target.resolve("run.classpath")).strip();
    for (Object jar : Collections.list(new StringTokenizer(classpath, File.pathSeparator))) {
      jars.add(url(jar.toString()));
    }
    return jars;
  }

  private static URL url(String path) throws MalformedURLException {
    return Path.of(path).toUri().toURL();
  }

  /** A class of it. */
  public Class<?> load(String name) throws ClassNotFoundException {
    return classes.loadClass(name);
  }

  /** Does something with its classes as the thread's, where libraries look for their parts. */
  public <T> T within(Callable<T> work) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      return work.call();
    } finally {
      thread.setContextClassLoader(ours);
    }
  }

  @Override
  public void close() throws IOException {
    classes.close();
  }
}
