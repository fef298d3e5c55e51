// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainStateCodec;
import io.bowline.gap.GapStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps what a group has completed of its chains in Redis, a lane in one slot. A save is one round
 * trip. Of a lane {@value #MAX_CHAINS_OF_LANE} chains are kept; the one saved longest ago is
 * forgotten first. Thread-safe.
 *
 * <p>A failover may forget what was saved last, for replicas follow later. What was acknowledged
 * and forgotten so is told as missing although it was processed: see {@code docs/stores.md}. Each
 * method throws a {@link RedisStoreException} if Redis fails, or does not answer within 5 s.
 */
public final class RedisGapStore implements GapStore {
  /** How many chains of a lane are kept: 1,000. */
  public static final int MAX_CHAINS_OF_LANE = 1_000;

  private static final long NO_LONGER_OURS = 0;

  /** KEYS: lanes of the group. ARGV: lane. */
  private static final Script LIST = Script.of("return {redis.call('SADD', KEYS[1], ARGV[1])}");

  /** KEYS: lanes of the group. */
  private static final Script LISTED = Script.of("return redis.call('SMEMBERS', KEYS[1])");

  /** KEYS: lane, chains by age, chains. ARGV: owner. The claim's number, and the states. */
  private static final Script CLAIM =
      Script.of(
          """
          local number = redis.call('HINCRBY', KEYS[1], 'claim', 1)
          redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'turn', '0')
          local found = {number}
          for _, chain in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
            found[#found + 1] = redis.call('HGET', KEYS[3], chain)
          end
          return found
          """);

  /** KEYS: as above. The states. */
  private static final Script READ = Script.of("return redis.call('HVALS', KEYS[3])");

  /**
   * KEYS: as above. ARGV: number and owner of the claim, turn, most chains, then each chain and its
   * state. An earlier turn than the last is an old save that comes late: it does nothing.
   */
  private static final Script SAVE =
      Script.of(
          """
          local kept = redis.call('HMGET', KEYS[1], 'claim', 'owner', 'turn')
          if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then return {0} end
          if tonumber(ARGV[3]) <= tonumber(kept[3]) then return {1} end
          redis.call('HSET', KEYS[1], 'turn', ARGV[3])
          local age = redis.call('HINCRBY', KEYS[1], 'saves', 1)
          for i = 5, #ARGV, 2 do
            redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
            redis.call('ZADD', KEYS[2], age, ARGV[i])
          end
          local crowded = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
          if crowded > 0 then
            for _, chain in ipairs(redis.call('ZRANGE', KEYS[2], 0, crowded - 1)) do
              redis.call('HDEL', KEYS[3], chain)
              redis.call('ZREM', KEYS[2], chain)
            end
          end
          return {1}
          """);

  private final RedisAccess redis;

  /** Tells this store from others, whose claims may get the same numbers after a failover. */
  private final String owner = UUID.randomUUID().toString();

  private final AtomicLong turns = new AtomicLong();

  private RedisGapStore(RedisAccess redis) {
    this.redis = redis;
  }

  /** A store in this Redis, which is not asked before the first call; the caller closes it. */
  public static RedisGapStore in(RedisAccess redis) {
    return new RedisGapStore(redis);
  }

  @Override
  public Claim claim(GroupLane lane) {
    String what = "Claiming " + lane;
    var unused =
        redis.run(what, LIST, List.of(lanes(lane.topic(), lane.group())), bytes(lane.lane()));
    List<Object> found = redis.run(what, CLAIM, keys(lane), bytes(owner));
    return new Claim(lane, (Long) found.get(0), chains(found.subList(1, found.size())));
  }

  private static List<ChainState> chains(List<Object> found) {
    return found.stream().map(state -> ChainStateCodec.read((byte[]) state)).toList();
  }

  private static byte[] bytes(Object text) {
    return text.toString().getBytes(UTF_8);
  }

  private static String lanes(String topic, String group) {
    return Keys.of("gap-lanes", topic, group);
  }

  private static List<String> keys(GroupLane lane) {
    String key = Keys.of("gap", lane.topic(), lane.group(), lane.lane());
    return List.of(key, key + ":age", key + ":chains");
  }

  @Override
  public boolean save(Claim claim, List<ChainState> changed) {
    return save(claim, changed, turns.incrementAndGet());
  }

  /** A save in its turn: it does nothing if a later one was done before it. */
  boolean save(Claim claim, List<ChainState> changed, long turn) {
    List<byte[]> values = new ArrayList<>();
    values.add(bytes(claim.number()));
    values.add(bytes(owner));
    values.add(bytes(turn));
    values.add(bytes(MAX_CHAINS_OF_LANE));
    for (ChainState chain : changed) {
      values.add(bytes(Long.toHexString(chain.epoch()) + "/" + chain.source()));
      values.add(ChainStateCodec.write(chain));
    }
    GroupLane lane = claim.lane();
    List<Object> saved =
        redis.run("Saving " + lane, SAVE, keys(lane), values.toArray(byte[][]::new));
    return (Long) saved.get(0) != NO_LONGER_OURS;
  }

  @Override
  public Map<Integer, List<ChainState>> read(String topic, String group) {
    String what = "Reading what group " + group + " has completed of " + topic;
    Map<Integer, List<ChainState>> lanes = new HashMap<>();
    for (Object listed : redis.run(what, LISTED, List.of(lanes(topic, group)))) {
      int lane = Integer.parseInt(new String((byte[]) listed, UTF_8));
      GroupLane place = new GroupLane(topic, group, lane);
      List<ChainState> chains = chains(redis.run(what, READ, keys(place)));
      if (!chains.isEmpty()) {
        lanes.put(lane, chains);
      }
    }
    return lanes;
  }
}
