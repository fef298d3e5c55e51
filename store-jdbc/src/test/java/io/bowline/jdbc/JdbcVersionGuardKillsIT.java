// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process with a version guard in a real database, killed again and again: 3 times, and 100 with
 * {@code -Dbowline.long=true}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class JdbcVersionGuardKillsIT {
  private static final int KILLS = Boolean.getBoolean("bowline.long") ? 100 : 3;
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());
  private static final List<String> KEYS = List.of("a", "b", "c");

  private final BrokerServer server;

  JdbcVersionGuardKillsIT(TestDatabases kind) {
    server = kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb();
  }

  @Test
  void eachNumberTakesEffectOnceAndInOrderWhateverTheMomentsOfTheKills(@TempDir Path folder)
      throws Exception {
    Random random = new Random(SEED);
    VersionStage stage = new VersionStage(TestDatabases.source(server));
    Path log = folder.resolve("log");
    int all = KEYS.size() * VersionStage.upTo(VersionVictim.MESSAGES).length();
    for (int kill = 0; kill < KILLS; kill++) {
      int until = Math.min(all, applied(stage) + 1 + random.nextInt(Math.max(1, all / KILLS)));
      Process victim = VersionVictim.start(server.address(), stage, random.nextLong(), log);
      Patience.until("it is as far as that", () -> applied(stage) >= until || !victim.isAlive());
      victim.destroyForcibly(); // SIGKILL
      assertTrue(victim.waitFor(60, TimeUnit.SECONDS));
    }
    Process last = VersionVictim.start(server.address(), stage, random.nextLong(), log);
    assertTrue(last.waitFor(3, TimeUnit.MINUTES));
    assertEquals(0, last.exitValue(), Files.readString(log));
    for (String key : KEYS) {
      assertEquals(VersionStage.upTo(VersionVictim.MESSAGES), stage.told(key), "seed " + SEED);
    }
  }

  /** How much took effect, in characters. */
  private static int applied(VersionStage stage) throws SQLException {
    int applied = 0;
    for (String key : KEYS) {
      applied += stage.told(key).length();
    }
    return applied;
  }
}
