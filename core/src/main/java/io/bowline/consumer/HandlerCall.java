// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A user's handler, of whatever kind, as the engine calls it. Thread-safe. */
final class HandlerCall {
  private final Way way;
  private final Kind kind;
  private final int most;

  /** When a call has ended. */
  enum Kind {
    /** When it returns: it holds its thread until then. */
    BLOCKING,
    /** When its stage completes. */
    STAGES
  }

  @FunctionalInterface
  private interface Way {
    @Nullable CompletionStage<?> call(Work work) throws Exception;
  }

  private HandlerCall(Way way, Kind kind, int most) {
    this.way = way;
    this.kind = kind;
    this.most = most;
  }

  static HandlerCall blocking(Handler handler) {
    return new HandlerCall(
        work -> {
          handler.handle(work.attempt());
          return null;
        },
        Kind.BLOCKING,
        1);
  }

  static HandlerCall stages(AsyncHandler handler) {
    return new HandlerCall(
        work -> {
          Received message = work.attempt();
          return required(handler.handle(message), message);
        },
        Kind.STAGES,
        1);
  }

  static HandlerCall batches(int most, BatchHandler handler) {
    return new HandlerCall(
        work -> {
          handler.handle(work.attempts());
          return null;
        },
        Kind.BLOCKING,
        most);
  }

  /** The stage, which a handler may have forgotten. */
  static CompletionStage<?> required(@Nullable CompletionStage<?> stage, Received message) {
    if (stage == null) {
      throw new IllegalStateException(
          "The handler returned null instead of a stage, so that nothing says when it is done: "
              + message);
    }
    return stage;
  }

  Kind kind() {
    return kind;
  }

  /** How many messages of a key one call takes at most. */
  int most() {
    return most;
  }

  /** Calls it; the stage that ends the call, or null if it has ended. */
  @Nullable CompletionStage<?> call(Work work) throws Exception {
    return way.call(work);
  }
}
