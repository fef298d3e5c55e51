// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.List;

/**
 * How the messages of one {@link ReliableProducer#sendAll} ended. A batch is no transaction: each
 * message has its own outcome.
 *
 * @param results one for each message, in the order of the list that was sent
 */
public record BatchResult(List<SendResult> results) {

  /** Keeps a copy of the list. */
  public BatchResult {
    results = List.copyOf(results);
  }

  /** Whether the broker stored every message. */
  public boolean allConfirmed() {
    return unconfirmed().isEmpty();
  }

  /** The rejected and the unknown ones, in order. */
  public List<SendResult> unconfirmed() {
    return results.stream().filter(result -> result.outcome() != Outcome.CONFIRMED).toList();
  }
}
