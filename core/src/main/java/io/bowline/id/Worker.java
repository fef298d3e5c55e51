// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/** Where the worker id of Snowflake ids comes from. Thread-safe. */
interface Worker {

  /**
   * The one to draw with, if it {@linkplain #lasts lasts}.
   *
   * @throws IdsUnavailable if there is none
   */
  WorkerHold hold();

  /** Whether it is still ours; to be asked after the clock was read. */
  boolean lasts(WorkerHold hold);

  /** Something is wrong with the last one: another one is needed as soon as can be. */
  void hurry();

  /** Nothing is drawn any more, and nothing was after this tick. */
  void close(long last);

  /** One that was given by hand, and lasts for ever. */
  record ByHand(WorkerHold hold) implements Worker {
    ByHand(int worker) {
      this(new WorkerHold(worker, SnowflakeBits.NONE, SnowflakeBits.END_MILLIS - 1, 0));
    }

    @Override
    public boolean lasts(WorkerHold hold) {
      return true;
    }

    @Override
    public void hurry() {}

    @Override
    public void close(long last) {}
  }
}
