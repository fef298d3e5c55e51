// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import io.bowline.message.Names;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of a counter in Redis, for {@code BlockIds}.
 *
 * <p>A Redis that crashes or fails over may forget what it gave last. Therefore the counter begins
 * with the microseconds since 2020 by Redis's clock, and jumps there again when it is not there,
 * when another process of Redis has it than before, and when it stands below what this process was
 * given: above all that was ever given, as long as fewer than a million numbers a second are, on
 * the average since it began, and Redis's clock is not set back. Thread-safe.
 */
public final class RedisIdBlocks implements IdBlocks {
  /** Lua counts exactly up to 2^53: in microseconds, until the year 2305. */
  private static final Script RESERVE =
      Script.of(
          """
          local time = redis.call('TIME')
          local floor = (tonumber(time[1]) - 1577836800) * 1000000 + tonumber(time[2])
          local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
          local last = tonumber(redis.call('HGET', KEYS[1], 'last') or '-1')
          local seen = tonumber(ARGV[2])
          if last < seen or last < 0 or redis.call('HGET', KEYS[1], 'run') ~= run then
            last = math.max(last, seen, floor)
          end
          local now = string.format('%.0f', last + tonumber(ARGV[1]))
          redis.call('HSET', KEYS[1], 'last', now, 'run', run)
          return {now}
          """);

  private final RedisAccess redis;
  private final String key;
  private final AtomicLong seen = new AtomicLong(-1);

  private RedisIdBlocks(RedisAccess redis, String key) {
    this.redis = redis;
    this.key = key;
  }

  /**
   * Numbers of a counter with this name, under key {@code bowline:ids:<name>}.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static RedisIdBlocks in(RedisAccess redis, String name) {
    return new RedisIdBlocks(redis, "bowline:ids:" + Names.required("counter name", name));
  }

  @Override
  public IdBlock reserve(int most) {
    List<Object> told =
        redis.run(
            "Reserving numbers for ids",
            RESERVE,
            List.of(key),
            Values.of(most),
            Values.of(seen.get()));
    long last = Values.number(told.get(0));
    var unused = seen.accumulateAndGet(last, Math::max);
    return new IdBlock(last - most + 1, most);
  }
}
