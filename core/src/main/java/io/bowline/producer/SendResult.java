// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.transport.Receipt;
import java.util.Optional;

/**
 * How one send ended.
 *
 * @param messageId the id under which the message was, or would have been, sent; empty if none
 *     could be drawn
 * @param outcome what became of it
 * @param receipt where it lies, if and only if it was confirmed
 * @param failure why it was not, if and only if it was not
 */
public record SendResult(
    String messageId, Outcome outcome, Optional<Receipt> receipt, Optional<SendException> failure) {

  static SendResult of(Receipt receipt) {
    return new SendResult(
        receipt.messageId(), Outcome.CONFIRMED, Optional.of(receipt), Optional.empty());
  }

  static SendResult of(SendException failure) {
    return new SendResult(
        failure.messageId(), failure.outcome(), Optional.empty(), Optional.of(failure));
  }
}
