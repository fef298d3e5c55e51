// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.id.IdsUnavailable;
import io.bowline.id.MessageIds;
import io.bowline.testkit.IdsAcrossProcesses.Opener;
import java.io.BufferedWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a process that draws ids, writes each to a file and tells now and then how many
 * there are. If none can be drawn it goes on asking. It ends in order when it is told {@link
 * #LEAVE}, and at once when its standard input ends.
 */
final class IdProcess {
  static final int LEAVE = 'l';
  static final String DREW = "drew ";

  private static final int AT_ONCE = 100;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private final IdOrders orders;
  private final PrintStream out;
  private volatile boolean leaving;

  private IdProcess(IdOrders orders, PrintStream out) {
    this.orders = orders;
    this.out = out;
  }

  /** Runs until told to leave, killed, or alone. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    IdProcess process = new IdProcess(IdOrders.read(in), out);
    Thread drawing = new Thread(process::draw, "drawing");
    drawing.start();
    if (in.read() == LEAVE) {
      process.leaving = true;
      drawing.join();
    }
    Runtime.getRuntime().halt(0);
  }

  private void draw() {
    try (BufferedWriter file = Files.newBufferedWriter(orders.file())) {
      MessageIds ids = open();
      out.println(ChildJvm.JOINED);
      long drawn = 0;
      while (!leaving) {
        drawn += drawn < orders.most() ? some(ids, file) : 0;
        file.flush();
        out.println(DREW + drawn);
        LockSupport.parkNanos(PAUSE);
      }
      if (ids instanceof AutoCloseable open) {
        open.close();
      }
    } catch (Exception failure) {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private MessageIds open() throws ReflectiveOperationException {
    Opener opener =
        Class.forName(orders.opener())
            .asSubclass(Opener.class)
            .getDeclaredConstructor()
            .newInstance();
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofMillis(orders.skewMillis()));
    while (true) {
      try {
        return opener.open(orders.address(), orders.name(), clock);
      } catch (IdsUnavailable notYet) {
        LockSupport.parkNanos(100 * PAUSE);
      }
    }
  }

  private static int some(MessageIds ids, BufferedWriter file) throws IOException {
    int drawn = 0;
    try {
      while (drawn < AT_ONCE) {
        String id = ids.next();
        file.write(id);
        file.write('\n');
        drawn++;
      }
    } catch (IdsUnavailable notNow) {
      LockSupport.parkNanos(10 * PAUSE);
    }
    return drawn;
  }
}
