// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A child process that never outlives this JVM, not even one that was killed: a small shell guards
 * it, holds the reading end of a pipe whose other end only this JVM has, and kills the child when
 * that pipe ends. Signals of the terminal reach neither.
 *
 * <p>Commands that {@code exec} others keep their pid and are covered; commands that fork are not.
 * Thread-safe.
 */
final class ServerProcess implements AutoCloseable {

  /** How often {@link #awaitReady} asks. */
  private static final Duration POLL = Duration.ofMillis(25);

  /** How long a killed process may take to be gone. */
  private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

  private static final int TAIL_LINES = 60;

  /**
   * The watcher reads until the JVM is gone. Only one that still waits may kill: no pid is stale.
   */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      log=$1
      shift
      exec 3<&0
      "$@" </dev/null >"$log" 2>&1 3<&- &
      server=$!
      (while read -r ignored; do :; done <&3; kill -9 "$server") >/dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      echo "$server"
      wait "$server"
      status=$?
      kill -9 "$watcher"
      exit "$status"
      """;

  private final String name;
  private final Path folder;
  private final List<String> command;
  private final Map<String, String> environment;
  private @Nullable Process guard;
  private @Nullable ProcessHandle server;
  private boolean closed;

  /**
   * Prepares a process; {@link #start} runs it.
   *
   * @param folder where it runs, and where its output goes to {@code <name>.log}
   * @param environment the whole environment: nothing of ours is inherited
   */
  ServerProcess(String name, Path folder, List<String> command, Map<String, String> environment) {
    this.name = name;
    this.folder = folder;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  /** Runs the command with an empty log file; it need not be ready yet when this returns. */
  synchronized void start() {
    if (closed || alive()) {
      throw new IllegalStateException(name + (closed ? " is closed" : " runs already"));
    }
    List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, name, log().toString()));
    guarded.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(guarded).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Files.write(log(), new byte[0]);
      Process started = builder.start();
      guard = started;
      server = handle(started.inputReader(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + name + " by " + command, e);
    }
  }

  /** Empty when the process ended before we looked: {@link #awaitReady} then tells why. */
  private static @Nullable ProcessHandle handle(BufferedReader guardOutput) throws IOException {
    String pid = guardOutput.readLine();
    return pid == null ? null : ProcessHandle.of(Long.parseLong(pid)).orElse(null);
  }

  /**
   * Returns once the condition holds.
   *
   * @throws IllegalStateException with the end of the log, if the process ends or the time is over;
   *     the process is killed then
   */
  void awaitReady(BooleanSupplier ready, Duration bound) {
    long end = System.nanoTime() + bound.toNanos();
    while (!ready.getAsBoolean()) {
      if (endedWithin(POLL)) {
        throw new IllegalStateException(name + " ended before it was ready.\n" + logTail());
      }
      if (System.nanoTime() - end > 0) {
        kill();
        throw new IllegalStateException(
            name + " was not ready within " + bound.toSeconds() + " s.\n" + logTail());
      }
    }
  }

  /**
   * Waits for the end of a command that is no server, and returns what it said.
   *
   * @throws IllegalStateException if it fails, or does not end in time: it is killed then
   */
  String awaitEnd(Duration bound) {
    if (!endedWithin(bound)) {
      kill();
      throw new IllegalStateException(
          name + " did not end within " + bound.toSeconds() + " s.\n" + logTail());
    }
    Process ended = current();
    if (ended == null || ended.exitValue() != 0) {
      throw new IllegalStateException(name + " failed.\n" + logTail());
    }
    return logText();
  }

  private boolean endedWithin(Duration time) {
    Process current = current();
    try {
      return current == null || current.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
      throw new IllegalStateException("Interrupted while waiting for " + name, e);
    }
  }

  private synchronized @Nullable Process current() {
    return guard;
  }

  /**
   * Ends the process and all that it started by SIGKILL and returns once they are gone; nothing to
   * do if it does not run.
   */
  synchronized void kill() {
    Process current = guard;
    if (current == null) {
      return;
    }
    if (server != null) {
      List<ProcessHandle> family = family();
      server.destroyForcibly();
      family.forEach(ServerProcess::end);
    }
    if (!endsInTime(current)) {
      throw new IllegalStateException(
          "%s (pid %d) is still there %d s after SIGKILL"
              .formatted(name, pid(), GONE_WITHIN.toSeconds()));
    }
    guard = null;
    server = null;
  }

  /** What the server started in turn, and what those did: PostgreSQL has a process a client. */
  private List<ProcessHandle> family() {
    return server == null ? List.of() : server.descendants().toList();
  }

  /** A process that still dies has the data folder open, and the port. */
  private static void end(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().completeOnTimeout(process, GONE_WITHIN.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static boolean endsInTime(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Freezes the process, then what it started: SIGSTOP. */
  synchronized void pause() {
    requireSignal("STOP");
    family().forEach(child -> signal("STOP", child.pid()));
  }

  /** Thaws what the process started, then itself: SIGCONT. */
  synchronized void resume() {
    family().forEach(child -> signal("CONT", child.pid()));
    requireSignal("CONT");
  }

  private void requireSignal(String signal) {
    if (!alive()) {
      throw new IllegalStateException(name + " does not run, so it cannot get SIG" + signal);
    }
    if (!signal(signal, pid())) {
      throw new IllegalStateException("SIG" + signal + " did not reach " + name);
    }
  }

  /** Whether the signal reached a process; one that has just ended it does not. */
  private boolean signal(String signal, long pid) {
    String[] send = {"/bin/sh", "-c", "kill -" + signal + " \"$1\"", "signal", "" + pid};
    try {
      Process sent =
          new ProcessBuilder(send).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return endsInTime(sent) && sent.exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot send SIG" + signal + " to " + name, e);
    }
  }

  synchronized boolean alive() {
    return guard != null && guard.isAlive();
  }

  /** The server's own pid, not its guard's. */
  synchronized long pid() {
    if (server == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return server.pid();
  }

  /** Standard output and error of the current run. */
  Path log() {
    return folder.resolve(name + ".log");
  }

  /** Whether the current run has printed this text. */
  boolean logged(String text) {
    return logText().contains(text);
  }

  private String logTail() {
    List<String> lines = logText().lines().toList();
    List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    return "The end of its log:\n" + String.join("\n", tail);
  }

  private String logText() {
    try {
      return new String(Files.readAllBytes(log()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of " + name + ", " + log(), e);
    }
  }

  /** Kills the process for good: no {@link #start} after this. */
  @Override
  public synchronized void close() {
    closed = true;
    kill();
  }
}
