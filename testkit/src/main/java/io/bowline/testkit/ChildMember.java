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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The parent's side of a {@link MemberProcess}. */
final class ChildMember implements OtherMember {
  private static final long START_SECONDS = 60;
  private static final int TAIL_LINES = 40;

  private final Process process;
  private final Path arguments;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> settled = new CopyOnWriteArrayList<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private final List<Thread> readers = new ArrayList<>();
  private final CompletableFuture<Boolean> joined = new CompletableFuture<>();

  private ChildMember(Process process, Path arguments) {
    this.process = process;
    this.arguments = arguments;
  }

  /** Starts a JVM with this one's class path, and returns once it has subscribed. */
  static ChildMember start(MemberOrders orders) {
    try {
      Path arguments = Files.createTempFile("bowline-member", ".args");
      Files.writeString(arguments, "-cp " + quoted(System.getProperty("java.class.path")));
      ChildMember child = new ChildMember(launch(arguments), arguments);
      child.follow(child.process.getInputStream(), child::heard);
      child.follow(child.process.getErrorStream(), child::complained);
      // Stays open: its end is what tells the child that this JVM is gone.
      orders.write(new DataOutputStream(child.process.getOutputStream()));
      child.awaitJoined(orders);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("Starting a process for " + orders, e);
    }
  }

  private static Process launch(Path arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "@" + arguments,
            MemberProcess.class.getName())
        .start();
  }

  private static String quoted(String path) {
    return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void awaitJoined(MemberOrders orders) {
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
      close();
      readUp();
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

  private void heard(String line) {
    if (line.equals(MemberProcess.JOINED)) {
      joined.complete(true);
    } else if (line.startsWith(MemberProcess.GOT)) {
      received.add(line.substring(MemberProcess.GOT.length()));
    } else if (line.startsWith(MemberProcess.SETTLED)) {
      settled.add(line.substring(MemberProcess.SETTLED.length()));
    } else {
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

  private String said() {
    synchronized (tail) {
      return String.join("\n", tail);
    }
  }

  @Override
  public List<String> received() {
    return List.copyOf(received);
  }

  @Override
  public List<String> settled() {
    return List.copyOf(settled);
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Files.deleteIfExists(arguments);
    } catch (IOException e) {
      complained("its argument file stays: " + e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return "a member in process " + process.pid() + ", which last said:\n" + said();
  }
}
