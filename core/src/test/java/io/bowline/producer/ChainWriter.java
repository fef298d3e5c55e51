// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.LaneNumber;
import io.bowline.message.Message;
import io.bowline.retry.Retry;
import org.jspecify.annotations.Nullable;

/** The numbers that a producer gives the messages of one lane, for tests of those who read them. */
public final class ChainWriter {
  private final LaneChain chain;

  /** A message that was numbered. */
  public static final class Written {
    private final PendingSend send;

    private Written(PendingSend send) {
      this.send = send;
    }
  }

  /** A new chain. */
  public ChainWriter(int lane, long previousEpoch) {
    chain = new LaneChain(lane, previousEpoch);
  }

  /** A message is handed over. */
  public Written begin() {
    PendingSend send =
        new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
    send.laneNumber = chain.begin(send);
    return new Written(send);
  }

  /** Its number. */
  public LaneNumber number(Written written) {
    LaneNumber number = written.send.laneNumber;
    if (number == null) {
      throw new AssertionError("not numbered");
    }
    return number;
  }

  /** The broker has it. */
  public void confirmed(Written written) {
    chain.confirmed(written.send);
  }

  /** What a watermark says now; null for nothing. */
  public @Nullable LaneNumber mark() {
    return chain.watermark();
  }

  /** The broker has a watermark that says this. */
  public void told(LaneNumber mark) {
    chain.told(mark);
  }

  /** It was given up. */
  public void givenUp(Written written, Outcome outcome) {
    chain.givenUp(written.send, outcome);
  }
}
