// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Handler;
import io.bowline.consumer.OutOfTurn;
import io.bowline.message.Received;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A process to which all messages of a stage come, twice and in no order, and which ends once all
 * took effect; or is killed before.
 */
final class VersionVictim {
  /** How many messages each of the keys a, b and c has. */
  static final int MESSAGES = 60;

  private VersionVictim() {}

  static Process start(String database, VersionStage stage, long seed, Path log)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-Xmx192m",
            "-cp",
            System.getProperty("java.class.path"),
            VersionVictim.class.getName(),
            database,
            stage.topic,
            stage.table,
            Long.toString(seed))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    VersionStage stage =
        new VersionStage(new UrlDataSource(arguments[0]), arguments[1], arguments[2]);
    Handler handler = JdbcVersionGuard.in(stage.database, "billing").open().handler(stage::apply);
    deliver(handler, stage, new Random(Long.parseLong(arguments[3])));
  }

  /** Each message twice; what is out of turn comes again. */
  static void deliver(Handler handler, VersionStage stage, Random random) throws Exception {
    List<Received> all = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      for (int number = 1; number <= MESSAGES; number++) {
        all.add(stage.message(key, number));
        all.add(stage.message(key, number));
      }
    }
    Collections.shuffle(all, random);
    Deque<Received> open = new ArrayDeque<>(all);
    while (!open.isEmpty()) {
      Received message = open.remove();
      try {
        handler.handle(message);
      } catch (OutOfTurn later) {
        open.add(message);
      }
    }
  }
}
