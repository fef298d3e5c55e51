// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import java.time.Duration;
import java.util.List;

/**
 * Counts attempts in Redis, all messages that one group receives from one topic in one slot. Counts
 * that nobody touched for {@link #KEPT} are dropped. Thread-safe.
 *
 * <p>A failover may forget what was counted last, so that a message gets an attempt more. Each
 * method throws a {@link RedisStoreException} if Redis fails, or does not answer within 5 s; what
 * got no answer may be counted all the same, so that a message gets an attempt less.
 */
public final class RedisAttemptStore implements AttemptStore {
  /** How long a count is kept that nobody touches: 7 days. */
  public static final Duration KEPT = Duration.ofDays(7);

  /** KEYS: the messages. ARGV: how long a count is kept, in milliseconds. */
  private static final Script BEGIN =
      Script.of(
          """
          local counts = {}
          for i, message in ipairs(KEYS) do
            counts[i] = redis.call('INCR', message)
            redis.call('PEXPIRE', message, ARGV[1])
          end
          return counts
          """);

  private static final Script FORGIVE =
      Script.of(
          """
          for _, message in ipairs(KEYS) do
            if tonumber(redis.call('GET', message) or '0') > 1 then
              redis.call('DECR', message)
            else
              redis.call('DEL', message)
            end
          end
          return {}
          """);

  private static final Script CLEAR =
      Script.of("for _, message in ipairs(KEYS) do redis.call('DEL', message) end return {}");

  private final RedisAccess redis;

  private RedisAttemptStore(RedisAccess redis) {
    this.redis = redis;
  }

  /** A store in this Redis, which is not asked before the first call; the caller closes it. */
  public static RedisAttemptStore in(RedisAccess redis) {
    return new RedisAttemptStore(redis);
  }

  private static List<String> keys(List<AttemptKey> messages) {
    return messages.stream().map(RedisAttemptStore::key).toList();
  }

  private static String key(AttemptKey message) {
    return Keys.of("attempt", message.topic(), message.group()) + ":" + message.messageId();
  }

  @Override
  public List<Integer> begin(List<AttemptKey> messages) {
    byte[] kept = Long.toString(KEPT.toMillis()).getBytes(UTF_8);
    String what = "Counting attempts at " + messages.size() + " messages";
    return redis.run(what, BEGIN, keys(messages), kept).stream()
        .map(count -> Math.toIntExact((Long) count))
        .toList();
  }

  @Override
  public void forgive(List<AttemptKey> messages) {
    String what = "Forgiving attempts at " + messages.size() + " messages";
    var unused = redis.run(what, FORGIVE, keys(messages));
  }

  @Override
  public void clear(List<AttemptKey> messages) {
    String what = "Clearing attempts at " + messages.size() + " messages";
    var unused = redis.run(what, CLEAR, keys(messages));
  }
}
