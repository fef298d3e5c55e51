// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.jdbc.JdbcSchema;
import io.bowline.lock.HeldLock;
import io.bowline.lock.KeyLock;
import io.bowline.testkit.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks of several processes, of which some stand still. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LockProcessesIT {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int TURNS = LONG ? 500 : 25;

  private final String address = Servers.zooKeeper().address();

  @TempDir Path folder;

  @Test
  void aHolderThatStoodStillPastItsSessionIsFencedOffWhereItWrites() throws Exception {
    String name = UUID.randomUUID().toString();
    String database = "jdbc:h2:file:" + folder.resolve("beans") + ";AUTO_SERVER=TRUE";
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(database);
    try (Connection keptOpen = source.getConnection()) { // its process serves the others
      JdbcSchema.of(source).create();
      standsStill(database, name);
      assertTrue(keptOpen.isValid(1));
    }
  }

  private void standsStill(String database, String name) throws Exception {
    try (LockProcess first = LockProcess.start("stand", address, database, name);
        CuratorFramework client = LockProcess.client(address);
        KeyLock locks = LockProcess.locks(client)) {
      long token = Long.parseLong(first.hear("holds"));
      first.signal("STOP");
      HeldLock next = LockProcess.taken(locks, name);
      assertTrue(next.token() > token);
      LockProcess.write(database, next);
      first.signal("CONT");
      first.tell("write");
      assertTrue(first.hear("refused").contains("token " + token));
      assertEquals("false", first.hear("held"));
    }
  }

  @Test
  void ofTwoProcessesThatCompeteOneIsInsideAtATimeAndTokensGrow() throws Exception {
    Path book = Files.createFile(folder.resolve("book"));
    String turns = Integer.toString(TURNS);
    try (LockProcess one = LockProcess.start("compete", address, book.toString(), turns);
        LockProcess other = LockProcess.start("compete", address, book.toString(), turns)) {
      assertTrue(one.endsWell());
      assertTrue(other.endsWell());
    }
    List<String> lines = Files.readAllLines(book);
    assertEquals(4 * TURNS, lines.size());
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 2) {
      long token = Long.parseLong(lines.get(i).substring("in ".length()));
      assertEquals("out " + token, lines.get(i + 1), "another one was inside");
      tokens.add(token);
    }
    assertEquals(tokens.stream().sorted().distinct().toList(), tokens);
  }
}
