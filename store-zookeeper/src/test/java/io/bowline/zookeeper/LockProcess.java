// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import io.bowline.jdbc.JdbcFence;
import io.bowline.lock.FencedOff;
import io.bowline.lock.HeldLock;
import io.bowline.lock.KeyLock;
import io.bowline.lock.LeasedLocks;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;

/** A process with locks, which does as it is told and says what came of it. */
final class LockProcess implements AutoCloseable {
  /** Its session lasts half as long again. */
  static final Duration LEASE = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String REALM = "processes";

  private final Process process;
  private final BufferedReader said;

  private LockProcess(Process process) {
    this.process = process;
    said = process.inputReader(StandardCharsets.UTF_8);
  }

  static LockProcess start(String... orders) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx128m"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LockProcess.class.getName());
    command.addAll(List.of(orders));
    return new LockProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What it says after this word; what is logged between is passed over. */
  String hear(String word) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
    }
    throw new IOException("It ended before it said " + word);
  }

  void tell(String what) throws IOException {
    process.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Sends a signal by its name, as STOP and CONT. */
  void signal(String name) throws Exception {
    String[] send = {"/bin/sh", "-c", "kill -" + name + " \"$1\"", "signal", "" + process.pid()};
    if (new ProcessBuilder(send).start().waitFor() != 0) {
      throw new IOException("SIG" + name + " did not reach it");
    }
  }

  boolean endsWell() throws InterruptedException {
    return process.waitFor(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS)
        && process.exitValue() == 0;
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /** Locks as every process here has them; they end with it. */
  static KeyLock locks(CuratorFramework client) {
    return LeasedLocks.in(ZooKeeperLockLeases.in(client, REALM), LEASE);
  }

  static CuratorFramework client(String address) {
    return Zoo.started(address, LEASE.multipliedBy(3).dividedBy(2));
  }

  static HeldLock taken(KeyLock locks, String name) throws InterruptedException {
    return locks.take(name, PATIENCE).orElseThrow();
  }

  /** Writes under this lock, as long as nobody with a greater token did. */
  static void write(String database, HeldLock lock) throws Exception {
    try (Connection connection = DriverManager.getConnection(database)) {
      connection.setAutoCommit(false);
      JdbcFence.of(REALM).pass(connection, lock);
      connection.commit();
    }
  }

  /** {@code stand <address> <database> <name>}, or {@code compete <address> <book> <turns>}. */
  public static void main(String[] orders) throws Exception {
    try (CuratorFramework client = client(orders[1]);
        KeyLock locks = locks(client)) {
      if (orders[0].equals("stand")) {
        stand(locks, orders[2], orders[3]);
      } else {
        compete(locks, Path.of(orders[2]), Integer.parseInt(orders[3]));
      }
    }
  }

  private static void stand(KeyLock locks, String database, String name) throws Exception {
    HeldLock lock = taken(locks, name);
    write(database, lock);
    System.out.println("holds " + lock.token());
    int unused = System.in.read();
    try {
      write(database, lock);
      System.out.println("wrote late");
    } catch (FencedOff refused) {
      System.out.println("refused " + refused.getMessage());
    }
    System.out.println("held " + lock.isHeld());
  }

  private static void compete(KeyLock locks, Path book, int turns) throws Exception {
    for (int i = 0; i < turns; i++) {
      try (HeldLock lock = taken(locks, "u1")) {
        Files.writeString(book, "in " + lock.token() + "\n", StandardOpenOption.APPEND);
        Files.writeString(book, "out " + lock.token() + "\n", StandardOpenOption.APPEND);
      }
    }
  }
}
