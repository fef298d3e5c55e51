// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerLeases;
import io.bowline.id.WorkerRange;
import io.bowline.message.Names;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Worker ids lent by Redis, in one hash. Thread-safe.
 *
 * <p>A Redis that crashes or fails over may forget the leases that it gave last. Therefore, once
 * another process of Redis has the hash than before, nobody gets a worker id until all leases that
 * may be forgotten are over: a lease and a cool-down long. Who has one goes on. A hash that is gone
 * as a whole looks like one that never was: a worker id is then chosen at random, and may be one
 * that somebody still draws with until his next renewal, a third of a lease at most.
 */
public final class RedisWorkerLeases implements WorkerLeases {
  /** What all three begin with: the time, and whether another process of Redis has the hash now. */
  private static final String BEGIN =
      """
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      local known = redis.call('HGET', KEYS[1], 'run')
      if known ~= run then
        redis.call('HSET', KEYS[1], 'run', run)
        if known then
          redis.call('HSET', KEYS[1], 'closed', string.format('%.0f', now + tonumber(ARGV[1])))
        end
      end
      local function row(worker)
        local text = redis.call('HGET', KEYS[1], worker) or '0 0 '
        local free, used, owner = string.match(text, '^(%-?%d+) (%-?%d+) (.*)$')
        return tonumber(free), tonumber(used), owner
      end
      local function write(worker, free, used, owner)
        redis.call('HSET', KEYS[1], worker, string.format('%.0f %.0f %s', free, used, owner))
      end
      """;

  private static final Script TAKE =
      Script.of(
          BEGIN
              + """
              local closed = tonumber(redis.call('HGET', KEYS[1], 'closed') or '0')
              if closed > now then
                return {-2, string.format('%.0f', closed - now)}
              end
              local first, count, start = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
              for i = 0, count - 1 do
                local worker = string.format('%.0f', first + (start + i) % count)
                local free, used = row(worker)
                if free <= now and used < tonumber(ARGV[3]) then
                  write(worker, now + tonumber(ARGV[1]), math.max(used, tonumber(ARGV[4])), ARGV[2])
                  return {tonumber(worker)}
                end
              end
              return {-1}
              """);

  private static final Script RENEW =
      Script.of(
          BEGIN
              + """
              local free, used, owner = row(ARGV[4])
              if owner ~= ARGV[2] then
                return {0}
              end
              write(ARGV[4], now + tonumber(ARGV[1]), math.max(used, tonumber(ARGV[3])), owner)
              return {1}
              """);

  private static final Script GIVE_BACK =
      Script.of(
          BEGIN
              + """
              local free, used, owner = row(ARGV[4])
              if owner == ARGV[2] then
                write(ARGV[4], now + tonumber(ARGV[5]), tonumber(ARGV[3]), '')
              end
              return {1}
              """);

  private static final long NONE_FREE = -1;
  private static final long CLOSED = -2;

  private final RedisAccess redis;
  private final String name;
  private final String key;

  private RedisWorkerLeases(RedisAccess redis, String name) {
    this.redis = redis;
    this.name = name;
    this.key = "bowline:workers:" + name;
  }

  /**
   * Worker ids under this name, in key {@code bowline:workers:<name>}. Processes whose ids must
   * differ use the same.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static RedisWorkerLeases in(RedisAccess redis, String name) {
    return new RedisWorkerLeases(redis, Names.required("name of worker leases", name));
  }

  private static byte[] silence(LeaseTerms terms) {
    return Values.of(terms.length().plus(terms.coolDown()).toMillis());
  }

  /**
   * Takes a free one.
   *
   * @throws RedisStoreException if Redis fails
   * @throws IllegalStateException if it was restarted or failed over a moment ago, saying how long
   *     nothing is lent
   */
  @Override
  public Optional<WorkerLease> take(WorkerRange range, String owner, LeaseTerms terms) {
    int count = range.last() - range.first() + 1;
    List<Object> told =
        redis.run(
            "Taking a worker id of " + name,
            TAKE,
            List.of(key),
            silence(terms),
            Values.of(owner),
            Values.of(terms.from()),
            Values.of(terms.upTo()),
            Values.of(range.first()),
            Values.of(count),
            Values.of(ThreadLocalRandom.current().nextInt(count)));
    long worker = Values.number(told.get(0));
    if (worker == CLOSED) {
      throw new IllegalStateException(
          "Redis was restarted or failed over and may have forgotten worker ids of "
              + name
              + " that it lent: none is lent for the next "
              + Values.number(told.get(1))
              + " ms, until those are over");
    }
    return worker == NONE_FREE
        ? Optional.empty()
        : Optional.of(new WorkerLease((int) worker, owner));
  }

  @Override
  public boolean renew(WorkerLease lease, LeaseTerms terms) {
    List<Object> told =
        redis.run(
            "Renewing worker id " + lease.worker() + " of " + name,
            RENEW,
            List.of(key),
            silence(terms),
            Values.of(lease.owner()),
            Values.of(terms.upTo()),
            Values.of(lease.worker()));
    return Values.number(told.get(0)) == 1;
  }

  @Override
  public void giveBack(WorkerLease lease, LeaseTerms terms) {
    var unused =
        redis.run(
            "Giving back worker id " + lease.worker() + " of " + name,
            GIVE_BACK,
            List.of(key),
            silence(terms),
            Values.of(lease.owner()),
            Values.of(terms.upTo()),
            Values.of(lease.worker()),
            Values.of(terms.coolDown().toMillis()));
  }
}
