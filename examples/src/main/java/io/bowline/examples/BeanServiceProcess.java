// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean service in a JVM of its own, whose deductions are read into the ledger. */
final class BeanServiceProcess {
  private static final Logger log = LoggerFactory.getLogger(BeanServiceProcess.class);

  private final Process process;
  private final Thread reader;

  private BeanServiceProcess(Process process, Ledger ledger) {
    this.process = process;
    this.reader = new Thread(() -> read(process, ledger), "bean-service-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts one. It ends when this JVM does, since its standard input ends then. */
  static BeanServiceProcess start(String address, String topic, String database, Ledger ledger) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            BeanService.class.getName(),
            address,
            topic,
            database);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return new BeanServiceProcess(builder.start(), ledger);
    } catch (IOException failure) {
      throw new UncheckedIOException("The bean service could not be started", failure);
    }
  }

  /** A line that was cut off by a kill was not told, and does not count. */
  private static void read(Process process, Ledger ledger) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read(line, ledger);
      }
    } catch (IOException | RuntimeException cut) {
      log.info("The bean service {} stopped telling", process.pid(), cut);
    }
  }

  private static void read(String line, Ledger ledger) {
    if (line.startsWith(BeanService.DEDUCTED)) {
      ledger.deducted(Order.parse(line.substring(BeanService.DEDUCTED.length())));
    } else if (line.startsWith(BeanService.KNOWN)) {
      ledger.known(Integer.parseInt(line.substring(BeanService.KNOWN.length())));
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /**
   * Ends it as a crash would (SIGKILL), and returns once it is gone and all it told is read: by its
   * handle, since {@link Process#destroyForcibly} also throws away what is still unread.
   */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
    reader.join();
  }

  /** Lets it drain and end; kills it if that takes longer than this. */
  void stop(long seconds) throws InterruptedException {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      log.debug("The bean service was gone already", gone);
    }
    if (process.waitFor(seconds, TimeUnit.SECONDS)) {
      reader.join();
    } else {
      kill();
    }
  }
}
