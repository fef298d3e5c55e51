// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that this JVM starts, between 20000 and 30000: below the range from which
 * systems give ports to outgoing connections, so a killed server finds its port free again.
 *
 * <p>A port is given once in the life of a JVM, and while that JVM lives no other JVM of the same
 * user gets it: each holds a lock on byte {@code port} of one file in the temporary folder.
 * Thread-safe.
 */
public final class FreePorts {

  static final int FIRST = 20_000;
  static final int LAST = 30_000;

  private FreePorts() {}

  /** So many free ports, all different. */
  public static List<Integer> take(int count) {
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < count) {
      taken.add(takeWithLower(0));
    }
    return List.copyOf(taken);
  }

  /** A free port for which {@code port - distance} is free and taken too: RocketMQ uses both. */
  public static synchronized int takeWithLower(int distance) {
    int range = LAST - FIRST - distance;
    int start = ThreadLocalRandom.current().nextInt(range);
    for (int tried = 0; tried < range; tried++) {
      int lower = FIRST + (start + tried) % range;
      if (takeBoth(lower, lower + distance)) {
        return lower + distance;
      }
    }
    throw new IllegalStateException(
        "No free port found between %d and %d; what listens there?".formatted(FIRST, LAST));
  }

  private static boolean takeBoth(int lower, int upper) {
    if (!bindable(lower) || !bindable(upper) || !locked(lower)) {
      return false;
    }
    return lower == upper || locked(upper);
  }

  /** Binds to every address, since some servers listen on all of them. */
  private static boolean bindable(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }

  private static boolean locked(int port) {
    try {
      return Locks.FILE.tryLock(port, 1, false) != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock port " + port + " in " + Locks.PATH, e);
    }
  }

  /** Open for the life of the JVM: the system frees the locks when it ends, however it ends. */
  private static final class Locks {
    static final Path PATH =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "bowline-ports-" + System.getProperty("user.name") + ".lock");
    static final FileChannel FILE = open();

    private static FileChannel open() {
      try {
        return FileChannel.open(PATH, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot open the file of taken ports, " + PATH, e);
      }
    }
  }
}
