// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A JVM with this one's class path, the parent's side of it. Its main class reads its orders from
 * standard input, says {@link #JOINED} once it has joined, then other lines, and ends when standard
 * input does.
 */
final class ChildJvm {
  /** What a child says once it works. */
  static final String JOINED = "joined";

  private static final long START_SECONDS = 60;
  private static final int TAIL_LINES = 40;

  private final Process process;
  private final Path arguments;
  private final DataOutputStream orders;
  private final Deque<String> tail = new ArrayDeque<>();
  private final List<Thread> readers = new ArrayList<>();
  private final CompletableFuture<Boolean> joined = new CompletableFuture<>();

  /** What a child is told at first; its text holds no secret. */
  interface Orders {
    void write(DataOutputStream out) throws IOException;
  }

  private ChildJvm(Process process, Path arguments) {
    this.process = process;
    this.arguments = arguments;
    this.orders = new DataOutputStream(process.getOutputStream());
  }

  /**
   * Starts one, and returns once it has joined.
   *
   * @param understood takes a line, on another thread; what it does not understand is kept to be
   *     shown if something goes wrong
   */
  static ChildJvm start(Class<?> main, Orders orders, Predicate<String> understood) {
    try {
      Path arguments = Files.createTempFile("bowline-member", ".args");
      Files.writeString(arguments, "-cp " + quoted(System.getProperty("java.class.path")));
      ChildJvm child = new ChildJvm(launch(main, arguments), arguments);
      child.follow(child.process.getInputStream(), line -> child.heard(line, understood));
      child.follow(child.process.getErrorStream(), child::complained);
      // Stays open: its end is what tells the child that this JVM is gone.
      orders.write(child.orders);
      child.awaitJoined(orders);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("Starting a process for " + orders, e);
    }
  }

  private static Process launch(Class<?> main, Path arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "@" + arguments,
            main.getName())
        .start();
  }

  private static String quoted(String path) {
    return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void awaitJoined(Orders orders) {
    boolean there = false;
    try {
      there =
          joined
              .completeOnTimeout(false, START_SECONDS, TimeUnit.SECONDS)
              .applyToEither(process.onExit().thenApply(ended -> false), yes -> yes)
              .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      complained("waiting for it failed: " + e);
    }
    if (!there) {
      kill();
      String when = "it ended, or did not join within " + START_SECONDS + " s; it said:\n";
      throw new IllegalStateException("Starting " + orders + ": " + when + said());
    }
  }

  private void follow(InputStream stream, Consumer<String> listener) {
    Thread reader = new Thread(() -> readAll(stream, listener), "member-process-reader");
    reader.setDaemon(true);
    readers.add(reader);
    reader.start();
  }

  private void readAll(InputStream stream, Consumer<String> listener) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        listener.accept(line);
      }
    } catch (IOException e) {
      complained("its output ended: " + e);
    }
  }

  /** Waits until all that the ended process said has been read. */
  private void readUp() {
    try {
      for (Thread reader : readers) {
        reader.join(TimeUnit.SECONDS.toMillis(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(String line, Predicate<String> understood) {
    if (line.equals(JOINED)) {
      joined.complete(true);
    } else if (!understood.test(line)) {
      complained(line);
    }
  }

  private void complained(String line) {
    synchronized (tail) {
      tail.addLast(line);
      if (tail.size() > TAIL_LINES) {
        tail.removeFirst();
      }
    }
  }

  /** The last lines that nobody understood. */
  String said() {
    synchronized (tail) {
      return String.join("\n", tail);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Tells it one thing more. */
  void tell(int what) {
    try {
      orders.write(what);
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Telling process " + pid() + ", which said:\n" + said(), e);
    }
  }

  /** Waits until it has ended by itself; false if it has not within this time. */
  boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Its exit status, once it has ended. */
  int status() {
    return process.exitValue();
  }

  /**
   * Sends it a signal by its name, as STOP and CONT.
   *
   * @throws IllegalStateException if it cannot be sent
   */
  void signal(String name) {
    String[] send = {"/bin/sh", "-c", "kill -" + name + " \"$1\"", "signal", "" + pid()};
    try {
      Process sent = new ProcessBuilder(send).inheritIO().start();
      if (!sent.waitFor(START_SECONDS, TimeUnit.SECONDS) || sent.exitValue() != 0) {
        throw new IllegalStateException("SIG" + name + " did not reach process " + pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot send SIG" + name + " to process " + pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends it as a crash would (SIGKILL), and returns once it is gone and what it said was read: by
   * its handle, since {@link Process#destroyForcibly} also throws away what is still unread.
   */
  void kill() {
    boolean unused = process.toHandle().destroyForcibly();
    process.onExit().join();
    readUp();
    try {
      Files.deleteIfExists(arguments);
    } catch (IOException e) {
      complained("its argument file stays: " + e);
    }
  }
}
