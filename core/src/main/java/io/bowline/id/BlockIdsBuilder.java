// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Duration;
import java.util.Objects;

/** Settings of {@link BlockIds}, each with a default. Not thread-safe. */
public final class BlockIdsBuilder {
  /** The default {@link #blockSize}: 1,000 numbers. */
  public static final int DEFAULT_BLOCK_SIZE = 1_000;

  /** The largest {@link #blockSize}: 1,000,000 numbers. */
  public static final int MOST_NUMBERS = 1_000_000;

  /** The default {@link #maxWait}: 5 s. */
  public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(5);

  /** The longest {@link #prefix}: 64 characters. */
  public static final int LONGEST_PREFIX = 64;

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  final IdBlocks store;
  String prefix = "";
  int blockSize = DEFAULT_BLOCK_SIZE;
  Duration maxWait = DEFAULT_MAX_WAIT;

  BlockIdsBuilder(IdBlocks store) {
    this.store = Objects.requireNonNull(store);
  }

  /**
   * What stands before each number, so that ids of several counters differ; nothing by default.
   *
   * @throws IllegalArgumentException if it has more than 64 characters
   */
  public BlockIdsBuilder prefix(String prefix) {
    if (prefix.length() > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          "A prefix of ids has at most "
              + LONGEST_PREFIX
              + " characters, but it had "
              + prefix.length());
    }
    this.prefix = prefix;
    return this;
  }

  /**
   * How many numbers are reserved at a time, 1,000 by default; the store may give fewer. As many
   * are lost at most, twice, when a process ends. Choose it so that half a block lasts longer than
   * the store takes to answer.
   *
   * @throws IllegalArgumentException if it is not from 1 to 1,000,000
   */
  public BlockIdsBuilder blockSize(int numbers) {
    if (numbers < 1 || numbers > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "A block has from 1 to " + MOST_NUMBERS + " numbers, but it was " + numbers);
    }
    this.blockSize = numbers;
    return this;
  }

  /**
   * The longest that an id is waited for once a block is used up; 5 s by default, at most a day.
   *
   * @throws IllegalArgumentException if it is negative or longer than a day
   */
  public BlockIdsBuilder maxWait(Duration longest) {
    if (longest.isNegative() || longest.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "The longest wait for an id is from none to a day, but it was " + longest);
    }
    this.maxWait = longest;
    return this;
  }

  /**
   * The ids; reserves the first block.
   *
   * @throws IdsUnavailable if that fails, or takes longer than {@link #maxWait}
   */
  public BlockIds open() {
    return new BlockIds(this).begin();
  }
}
