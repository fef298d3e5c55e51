// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.BlockIds;
import io.bowline.id.MessageIds;
import io.bowline.id.SnowflakeIds;
import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import io.bowline.testkit.IdsAcrossProcesses;
import io.bowline.testkit.servers.Servers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ids and numbers of keys of real databases, drawn by several processes. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcIdsIT extends IdsAcrossProcesses {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private final Kind kind;

  enum Kind {
    LEASES_OF_POSTGRESQL,
    LEASES_OF_MARIADB,
    COUNTER_OF_POSTGRESQL,
    ROWS_OF_MARIADB,
    KEYS_OF_POSTGRESQL,
    KEYS_OF_MARIADB
  }

  JdbcIdsIT(Kind kind) {
    this.kind = kind;
    JdbcSchema.of(new UrlDataSource(address())).create();
  }

  @Override
  protected Class<? extends Opener> opener() {
    return switch (kind) {
      case LEASES_OF_POSTGRESQL, LEASES_OF_MARIADB -> Leased.class;
      case COUNTER_OF_POSTGRESQL -> Counted.class;
      case ROWS_OF_MARIADB -> Numbered.class;
      case KEYS_OF_POSTGRESQL, KEYS_OF_MARIADB -> OfKeys.class;
    };
  }

  @Override
  protected String address() {
    return switch (kind) {
      case LEASES_OF_POSTGRESQL, COUNTER_OF_POSTGRESQL, KEYS_OF_POSTGRESQL ->
          Servers.postgres().address();
      case LEASES_OF_MARIADB, ROWS_OF_MARIADB, KEYS_OF_MARIADB -> Servers.mariaDb().address();
    };
  }

  /** Few worker ids and short leases, so that each passes through many hands. */
  public static final class Leased implements Opener {
    /** Found by its name. */
    public Leased() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      return SnowflakeIds.leased(JdbcWorkerLeases.in(new UrlDataSource(address), name))
          .lease(Duration.ofSeconds(2))
          .coolDown(Duration.ofMillis(500))
          .workers(0, 15)
          .clock(clock)
          .open();
    }
  }

  /** Small blocks, so that many are reserved. */
  public static final class Counted implements Opener {
    /** Found by its name. */
    public Counted() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      return BlockIds.of(JdbcIdBlocks.counter(new UrlDataSource(address), name))
          .blockSize(50)
          .open();
    }
  }

  /** Numbers of few keys, which all processes draw: no key has one twice. */
  public static final class OfKeys implements Opener {
    private static final List<String> KEYS = List.of("a", "b", "c");

    /** Found by its name. */
    public OfKeys() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      KeySequences keys = JdbcKeySequences.in(new UrlDataSource(address));
      return () -> {
        String key = KEYS.get(ThreadLocalRandom.current().nextInt(KEYS.size()));
        return key + keys.next(name, List.of(new SequenceKey("orders", key)), LONGEST);
      };
    }
  }

  /** As the counted ones. */
  public static final class Numbered implements Opener {
    /** Found by its name. */
    public Numbered() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      return BlockIds.of(JdbcIdBlocks.autoIncrement(new UrlDataSource(address)))
          .blockSize(50)
          .open();
    }
  }
}
