// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Remembers in Redis which messages took effect, each in a key of its own, all over a cluster; by
 * one round trip for a call. Leases are by Redis's clock. Thread-safe.
 *
 * <p>A Redis that crashes without {@code appendonly}, fails over or evicts keys may forget claims,
 * and what is done: such a message takes effect again. Each method throws a {@link
 * RedisStoreException} if Redis fails, or does not answer within 5 s; a claim that got no answer
 * may hold until its lease ends.
 */
public final class RedisDedupeStore implements DedupeStore {
  /** The lease, where none is said: 1 min. */
  public static final Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  /** For how long it remembers, where nothing is said: 30 days. */
  public static final Duration DEFAULT_REMEMBERS = Duration.ofDays(30);

  /** What a key holds: when its lease ends, or that it is done; and a token. */
  private static final String BEGIN =
      """
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      local kept = redis.call('GET', KEYS[1])
      local ends, token
      if kept then ends, token = string.match(kept, '^(%S+) (.*)$') end
      local function claim()
        local value = string.format('%.0f %s', now + tonumber(ARGV[2]), ARGV[1])
        redis.call('SET', KEYS[1], value, 'PX', ARGV[3])
      end
      """;

  /** ARGV: token, lease, for how long a key is kept. Answers 0, or what is left, or -1 if done. */
  private static final Script CLAIM =
      Script.of(
          BEGIN
              + """
              if ends == 'done' then return {-1} end
              if ends and tonumber(ends) > now then return {tonumber(ends) - now} end
              claim()
              return {0}
              """);

  private static final Script EXTEND =
      Script.of(BEGIN + "if token == ARGV[1] and ends ~= 'done' then claim() end return {}");

  private static final Script DONE =
      Script.of(
          BEGIN
              + """
              if token == ARGV[1] or not kept then
                redis.call('SET', KEYS[1], 'done ' .. ARGV[1], 'PX', ARGV[3])
              end
              return {token == ARGV[1] and 1 or 0}
              """);

  private static final Script RELEASE =
      Script.of(
          BEGIN
              + """
              if token == ARGV[1] and ends ~= 'done' then redis.call('DEL', KEYS[1]) end
              return {}
              """);

  private static final long IS_DONE = -1;

  private final RedisAccess redis;
  private final Duration lease;
  private final Duration remembers;

  private RedisDedupeStore(RedisAccess redis, Duration lease, Duration remembers) {
    this.redis = redis;
    this.lease = lease;
    this.remembers = remembers;
  }

  /** A store in this Redis, which is not asked before the first call; the caller closes it. */
  public static RedisDedupeStore in(RedisAccess redis) {
    return new RedisDedupeStore(redis, DEFAULT_LEASE, DEFAULT_REMEMBERS);
  }

  /**
   * The same with this lease, 1 min by default: how long a message waits whose handler's process
   * ended, and how long a process may stand still without being followed.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms
   */
  public RedisDedupeStore lease(Duration other) {
    return new RedisDedupeStore(redis, atLeastOne("lease", other), remembers);
  }

  /**
   * The same, remembering for this long, 30 days by default. A message takes some 200 bytes of
   * Redis's memory for as long.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms
   */
  public RedisDedupeStore remembers(Duration other) {
    return new RedisDedupeStore(redis, lease, atLeastOne("time to remember", other));
  }

  private static Duration atLeastOne(String what, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException("A " + what + " is at least 1 ms, but it was " + value);
    }
    return value;
  }

  @Override
  public Duration lease() {
    return lease;
  }

  @Override
  public Duration remembers() {
    return remembers;
  }

  @Override
  public String memory() {
    return "the dedupe store in Redis";
  }

  private List<Object> run(String what, Script script, Claim claim) {
    DedupeKey message = claim.message();
    return redis.run(
        what + " " + message,
        script,
        List.of(Keys.of("dedupe", message.topic(), message.group(), message.messageId())),
        Values.of(claim.token()),
        Values.of(lease.toMillis()),
        Values.of(remembers.plus(lease).toMillis()));
  }

  @Override
  public Answer claim(DedupeKey message) {
    Claim claim = new Claim(message, UUID.randomUUID().toString());
    long told = Values.number(run("Claiming", CLAIM, claim).get(0));
    if (told == IS_DONE) {
      return new Answer.Done();
    }
    return told == 0 ? new Answer.Mine(claim) : new Answer.Busy(Duration.ofMillis(told));
  }

  @Override
  public void extend(List<Claim> claims) {
    for (Claim claim : claims) { // they may lie in several slots of a cluster
      var unused = run("Extending", EXTEND, claim);
    }
  }

  @Override
  public boolean done(Claim claim) {
    return Values.number(run("Writing down as done", DONE, claim).get(0)) == 1;
  }

  @Override
  public void release(Claim claim) {
    var unused = run("Releasing", RELEASE, claim);
  }
}
