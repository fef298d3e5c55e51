// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.concurrent.CompletableFuture;

/** A send under way. Completes once; what comes later has no effect. */
record Sending(
    Outgoing message, MemoryTransport from, long incarnation, CompletableFuture<Receipt> answer) {

  void fail(Verdict verdict, String reason) {
    answer.completeExceptionally(
        new TransportException(verdict, "Sending " + message + " to " + from + ": " + reason));
  }

  void confirm(long offset) {
    answer.complete(
        new Receipt(message.messageId(), message.topic(), message.lane(), Long.toString(offset)));
  }

  /** The size that counts against the broker's limit. */
  int bytes() {
    int headers =
        message.headers().entrySet().stream()
            .mapToInt(header -> header.getKey().length() + header.getValue().length())
            .sum();
    return message.body().length + headers;
  }
}
