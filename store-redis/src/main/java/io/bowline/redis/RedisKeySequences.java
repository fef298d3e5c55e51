// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.message.Names;
import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the messages of keys in Redis: a hash for each topic of a source, {@code
 * bowline:sequence:{source}:topic}, with a field for each key. All of a source lies in one slot of
 * a cluster, so that a batch is one script, done whole or not at all. Thread-safe.
 *
 * <p>A Redis that crashes or fails over may forget what it counted last, and then draws it again: a
 * producer refuses a number that is not above the last one it had of the key, and nobody notices
 * more. Where that is too little take a database; {@code docs/key-sequences.md}.
 */
public final class RedisKeySequences implements KeySequences {
  /** KEYS: the topics. ARGV: for each number which topic, and the key. */
  private static final Script NEXT =
      Script.of(
          """
          local numbers = {}
          for i = 1, #ARGV, 2 do
            local number = redis.call('HINCRBY', KEYS[tonumber(ARGV[i])], ARGV[i + 1], 1)
            numbers[#numbers + 1] = number
          end
          return numbers
          """);

  private final RedisAccess redis;

  private RedisKeySequences(RedisAccess redis) {
    this.redis = redis;
  }

  /** Sequences in this Redis, which is not asked before the first call; the caller closes it. */
  public static RedisKeySequences in(RedisAccess redis) {
    return new RedisKeySequences(redis);
  }

  /**
   * Draws numbers; as the interface says.
   *
   * @param longest is not looked at: Redis has {@link RedisAccess#ANSWER_WITHIN}, 5 s
   * @throws RedisStoreException if Redis fails or does not answer in time; it may have counted
   */
  @Override
  public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
    if (keys.isEmpty()) {
      return List.of();
    }
    String slot = Keys.of("sequence", Names.required("source", source));
    Map<String, Integer> topics = new LinkedHashMap<>();
    List<byte[]> values = new ArrayList<>(2 * keys.size());
    for (SequenceKey key : keys) {
      String topic = slot + ":" + key.topic();
      Integer known = topics.putIfAbsent(topic, topics.size() + 1);
      values.add(Values.of(known == null ? topics.size() : known));
      values.add(Values.of(key.key()));
    }
    String what = "Drawing numbers of " + keys.size() + " keys of source " + source;
    return redis
        .run(what, NEXT, List.copyOf(topics.keySet()), values.toArray(byte[][]::new))
        .stream()
        .map(Values::number)
        .toList();
  }
}
