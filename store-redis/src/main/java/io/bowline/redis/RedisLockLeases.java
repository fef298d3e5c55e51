// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.lock.LeasedLocks;
import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import io.bowline.message.Names;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Locks lent by Redis, for {@link LeasedLocks}: a hash for each name, with its owner, its last
 * token, and when it is free again by Redis's clock. Thread-safe.
 *
 * <p>A Redis that fails over, or crashes with what it had not written to its disk, may forget a
 * lock that it gave a moment ago, and then lend it to a second holder while the first still
 * believes in it: Redis copies to its replicas after it answered. Nothing that asks Redis can
 * exclude that. A fencing token is right all the same, since it is above the one before it, and at
 * least the microseconds since 1970 by Redis's clock: the second holder has the greater one, as
 * long as that clock is not set back further than the lock was forgotten, and one name is not taken
 * a million times a second. So compare it where you write.
 *
 * <p>A hash is dropped by Redis once its name is free for {@link #KEPT}.
 */
public final class RedisLockLeases implements LockLeases {
  /** How long a hash is kept whose name is free: 1 day. */
  public static final Duration KEPT = Duration.ofDays(1);

  /** ARGV: owner, length and keeping in milliseconds, the last two of them numbers. */
  private static final String BEGIN =
      """
      local time = redis.call('TIME')
      local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
      local now = math.floor(micros / 1000)
      local owner = redis.call('HGET', KEYS[1], 'owner')
      local function lend(token)
        local free = string.format('%.0f', now + tonumber(ARGV[2]))
        redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token, 'free', free)
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ARGV[2] + ARGV[3]))
      end
      """;

  private static final Script TAKE =
      Script.of(
          BEGIN
              + """
              local free = tonumber(redis.call('HGET', KEYS[1], 'free') or '0')
              if free > now and owner ~= ARGV[1] then
                return {}
              end
              local last = tonumber(redis.call('HGET', KEYS[1], 'token') or '0')
              local token = string.format('%.0f', math.max(last + 1, micros))
              lend(token)
              return {token}
              """);

  private static final Script RENEW =
      Script.of(
          BEGIN
              + """
              if owner ~= ARGV[1] then
                return {0}
              end
              lend(redis.call('HGET', KEYS[1], 'token'))
              return {1}
              """);

  private static final Script GIVE_BACK =
      Script.of(
          """
          if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then
            redis.call('HSET', KEYS[1], 'owner', '', 'free', '0')
          end
          return {}
          """);

  private final RedisAccess redis;
  private final String realm;

  private RedisLockLeases(RedisAccess redis, String realm) {
    this.redis = redis;
    this.realm = realm;
  }

  /**
   * Locks in this Redis, which is not asked before the first call; the caller closes it.
   *
   * @param realm keeps the names of one use apart from those of another, such as {@code beans}
   * @throws IllegalArgumentException if the realm is blank
   */
  public static RedisLockLeases in(RedisAccess redis, String realm) {
    return new RedisLockLeases(redis, Names.required("realm of locks", realm));
  }

  /** Each name has a slot of its own, so that locks spread over a cluster. */
  private List<String> key(String name) {
    return List.of(Keys.of("lock", realm, name));
  }

  @Override
  public Optional<LockLease> take(String name, String owner, Duration length) {
    List<Object> told =
        redis.run(
            "Taking the lock of " + name,
            TAKE,
            key(name),
            Values.of(owner),
            Values.of(length.toMillis()),
            Values.of(KEPT.toMillis()));
    return told.isEmpty()
        ? Optional.empty()
        : Optional.of(new LockLease(name, owner, Values.number(told.get(0))));
  }

  @Override
  public boolean renew(LockLease lease, Duration length) {
    List<Object> told =
        redis.run(
            "Renewing the lock of " + lease.name(),
            RENEW,
            key(lease.name()),
            Values.of(lease.owner()),
            Values.of(length.toMillis()),
            Values.of(KEPT.toMillis()));
    return Values.number(told.get(0)) == 1;
  }

  @Override
  public void giveBack(LockLease lease) {
    var unused =
        redis.run(
            "Giving back the lock of " + lease.name(),
            GIVE_BACK,
            key(lease.name()),
            Values.of(lease.owner()));
  }
}
