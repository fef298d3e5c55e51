// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

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
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and numbers of keys of a real Redis, drawn by several processes. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@ValueSource(classes = {RedisIdsIT.Leased.class, RedisIdsIT.Counted.class, RedisIdsIT.OfKeys.class})
final class RedisIdsIT extends IdsAcrossProcesses {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private final Class<? extends Opener> opener;

  RedisIdsIT(Class<? extends Opener> opener) {
    this.opener = opener;
  }

  @Override
  protected Class<? extends Opener> opener() {
    return opener;
  }

  @Override
  protected String address() {
    return Servers.redis().address();
  }

  /** Few worker ids and short leases, so that each passes through many hands. */
  public static final class Leased implements Opener {
    /** Found by its name. */
    public Leased() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      return SnowflakeIds.leased(RedisWorkerLeases.in(RedisAccess.connect(address), name))
          .lease(Duration.ofSeconds(2))
          .coolDown(Duration.ofMillis(500))
          .workers(0, 15)
          .clock(clock)
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
      KeySequences keys = RedisKeySequences.in(RedisAccess.connect(address));
      return () -> {
        String key = KEYS.get(ThreadLocalRandom.current().nextInt(KEYS.size()));
        return key + keys.next(name, List.of(new SequenceKey("orders", key)), LONGEST);
      };
    }
  }

  /** Small blocks, so that many are reserved. */
  public static final class Counted implements Opener {
    /** Found by its name. */
    public Counted() {}

    @Override
    public MessageIds open(String address, String name, Clock clock) {
      return BlockIds.of(RedisIdBlocks.in(RedisAccess.connect(address), name)).blockSize(50).open();
    }
  }
}
