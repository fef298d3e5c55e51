// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000;

  private static int taken(TokenBucket bucket, long now) {
    int taken = 0;
    while (bucket.untilNext(now) == 0) {
      bucket.take(now);
      taken++;
    }
    return taken;
  }

  @Test
  void theBurstIsTheCallsOfATenthOfASecondAndAtLeastOne() {
    assertEquals(1, new TokenBucket(0.01, 0).burst());
    assertEquals(1, new TokenBucket(10, 0).burst());
    assertEquals(100, new TokenBucket(1_000, 0).burst());
  }

  @Test
  void afterTheBurstTheyComeAtTheRate() {
    TokenBucket bucket = new TokenBucket(100, 5);
    assertEquals(10, taken(bucket, 5));
    assertTrue(Math.abs(bucket.untilNext(5) - SECOND / 100) <= 1);
    assertTrue(Math.abs(bucket.untilNext(5 + SECOND / 200) - SECOND / 200) <= 1);
    assertEquals(0, bucket.untilNext(6 + SECOND / 100));
    assertEquals(5, taken(bucket, 6 + SECOND / 20));
  }

  @Test
  void whatIsNotUsedIsKeptUpToTheBurst() {
    TokenBucket bucket = new TokenBucket(100, 0);
    assertEquals(10, taken(bucket, 0));
    assertEquals(10, taken(bucket, 3_600 * SECOND));
  }

  @Test
  void lessThanOneASecondIsARateToo() {
    TokenBucket bucket = new TokenBucket(0.5, 0);
    assertEquals(1, taken(bucket, 0));
    assertEquals(2 * SECOND, bucket.untilNext(0));
    assertEquals(1, taken(bucket, 2 * SECOND));
  }

  @Test
  void aClockThatStandsStillFillsNothing() {
    TokenBucket bucket = new TokenBucket(10, 7);
    assertEquals(1, taken(bucket, 7));
    assertEquals(0, taken(bucket, 7));
    assertEquals(0, taken(bucket, 6));
  }

  @Test
  void inNoSpanAreThereMoreThanItsShareAndOneBurst() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      double rate = Math.pow(10, random.nextDouble(-1, 4));
      TokenBucket bucket = new TokenBucket(rate, 0);
      List<Long> times = new ArrayList<>();
      long now = 0;
      for (int i = 0; i < 300; i++) {
        now += (long) (random.nextExponential() * SECOND / rate);
        long wait = random.nextBoolean() ? bucket.untilNext(now) : 0;
        now += wait;
        if (bucket.untilNext(now) == 0) {
          bucket.take(now);
          times.add(now);
        }
      }
      assertTrue(times.size() > 50, "it lets through; seed " + seed);
      for (int from = 0; from < times.size(); from += 7) {
        for (int to = from; to < times.size(); to++) {
          double most = bucket.burst() + (times.get(to) - times.get(from)) * rate / SECOND;
          assertTrue(to - from + 1 <= most + 1e-3, "seed " + seed);
        }
      }
    }
  }
}
