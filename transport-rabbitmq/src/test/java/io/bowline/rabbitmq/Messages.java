// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Messages to try things with, and what became of them. */
final class Messages {
  private Messages() {}

  static Outgoing message(String id) {
    return message(id, 3);
  }

  static Outgoing message(String id, int lane) {
    return new Outgoing(id, "orders", lane, "k", Map.of("type", "Order"), new byte[] {1});
  }

  static Outgoing sized(int bytes) {
    return new Outgoing("large", "orders", 0, null, Map.of(), new byte[bytes]);
  }

  /** A send that was let in, due at this moment. */
  static Publication publication(String id, long deadline) {
    return publication(message(id), deadline);
  }

  static Publication publication(Outgoing message, long deadline) {
    Outstanding outstanding = new Outstanding(10, 1000);
    outstanding.enter(1);
    return new Publication(message, 0, deadline, outstanding);
  }

  /** The verdict that a future failed with; empty if it did not fail. */
  static Optional<Verdict> verdict(CompletableFuture<?> future) {
    try {
      future.getNow(null);
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.ofNullable(e.getCause())
          .map(TransportException.class::cast)
          .map(TransportException::verdict);
    }
  }
}
