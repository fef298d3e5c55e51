// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

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
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Confluent's Parallel Consumer, in the order of keys. It works with an older Kafka client than
 * ours, so it has a class loader of its own, in the same process.
 */
final class ParallelConsumerReader implements Reader {
  private static final String ENTRY = "io.bowline.benchmarks.parallel.ParallelReading";
  private static final Path MODULE =
      Path.of(System.getProperty("bowline.root", "."), "benchmarks", "parallel-consumer", "target");

  private final AutoCloseable processor;
  private final URLClassLoader classes;

  private ParallelConsumerReader(AutoCloseable processor, URLClassLoader classes) {
    this.processor = processor;
    this.classes = classes;
  }

  static Opener opener(String hosts, int concurrency) {
    return task -> {
      Map<String, String> settings =
          Map.of("hosts", hosts, "topic", task.place.topic(), "group", task.place.group());
      URLClassLoader classes =
          new URLClassLoader(jars().toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
      Thread thread = Thread.currentThread();
      ClassLoader ours = thread.getContextClassLoader();
      thread.setContextClassLoader(classes); // Kafka's client looks for its parts there
      try {
        Object processor =
            classes
                .loadClass(ENTRY)
                .getMethod("open", Map.class, int.class, Runnable.class)
                .invoke(null, settings, concurrency, (Runnable) task::handle);
        return new ParallelConsumerReader((AutoCloseable) processor, classes);
      } finally {
        thread.setContextClassLoader(ours);
      }
    };
  }

  private static List<URL> jars() throws IOException {
    List<URL> jars = new ArrayList<>();
    jars.add(url(MODULE.resolve("classes").toString()));
    String classpath = Files.readString(MODULE.resolve("run.classpath")).strip();
    for (Object jar : Collections.list(new StringTokenizer(classpath, File.pathSeparator))) {
      jars.add(url(jar.toString()));
    }
    return jars;
  }

  private static URL url(String path) throws MalformedURLException {
    return Path.of(path).toUri().toURL();
  }

  @Override
  public void close() throws IOException {
    try {
      processor.close();
    } catch (IOException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("The Parallel Consumer did not close", failure);
    } finally {
      classes.close();
    }
  }
}
