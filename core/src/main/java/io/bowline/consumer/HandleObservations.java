// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.HandleContext.Receiver;
import io.bowline.consumer.HandleContext.Step;
import io.bowline.message.Received;
import io.bowline.telemetry.Telemetry;
import io.bowline.telemetry.Watched;
import io.bowline.transport.Receipt;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Observes each attempt at a message, if the user gave a registry for that: as a part of what its
 * sender had under observation, whose headers it carries. Thread-safe.
 */
final class HandleObservations {
  private static final HandleConvention PROCESSING = new HandleConvention(Step.PROCESS);
  private static final HandleConvention DEAD_LETTERS = new HandleConvention(Step.DEAD_LETTER);

  private final @Nullable ObservationRegistry registry;
  private final Receiver receiver;

  HandleObservations(Telemetry telemetry, Receiver receiver) {
    this.registry = telemetry.observations().orElse(null);
    this.receiver = receiver;
  }

  /** The handler, each of its calls under observation; itself if nothing is observed. */
  Handler around(Handler handler) {
    return registry == null ? handler : message -> handle(registry, handler, message);
  }

  private void handle(ObservationRegistry to, Handler handler, Received message) throws Exception {
    Watched watched = begin(to, message, Step.PROCESS);
    if (watched == null) {
      handler.handle(message);
      return;
    }
    Throwable thrown = null;
    Watched.Scope scope = watched.open();
    try {
      handler.handle(message);
    } catch (Throwable failure) {
      thrown = failure;
      throw failure;
    } finally {
      scope.close();
      watched.stop(thrown);
    }
  }

  /** The handler, each of its calls under observation until its stage ends. */
  AsyncHandler aroundAsync(AsyncHandler handler) {
    return registry == null ? handler : message -> begin(registry, handler, message);
  }

  private CompletionStage<?> begin(ObservationRegistry to, AsyncHandler handler, Received message)
      throws Exception {
    Watched watched = begin(to, message, Step.PROCESS);
    if (watched == null) {
      return handler.handle(message);
    }
    CompletionStage<?> stage;
    Watched.Scope scope = watched.open();
    try {
      stage = HandlerCall.required(handler.handle(message), message);
    } catch (Throwable failure) {
      watched.stop(failure);
      throw failure;
    } finally {
      scope.close();
    }
    return stage.whenComplete((value, failure) -> watched.stop(failure));
  }

  /**
   * The handler, with an observation of each message of a batch, which all last as long as the
   * call. It runs inside that of the first, since a call can be a part of one thing only.
   */
  BatchHandler aroundBatches(BatchHandler handler) {
    return registry == null ? handler : messages -> handleAll(registry, handler, messages);
  }

  private void handleAll(ObservationRegistry to, BatchHandler handler, List<Received> messages)
      throws Exception {
    List<Watched> watched = new ArrayList<>(messages.size());
    for (Received message : messages) {
      Watched one = begin(to, message, Step.PROCESS);
      if (one != null) {
        watched.add(one);
      }
    }
    Throwable thrown = null;
    Watched.Scope scope = watched.isEmpty() ? () -> {} : watched.get(0).open();
    try {
      handler.handle(messages);
    } catch (Throwable failure) {
      thrown = failure;
      throw failure;
    } finally {
      scope.close();
      for (Watched one : watched) {
        one.stop(thrown);
      }
    }
  }

  /** Sends a dead letter, so that what the sending is a part of leads back to the message. */
  CompletableFuture<Receipt> deadLetter(
      Received message, Supplier<CompletableFuture<Receipt>> sending) {
    Watched watched = registry == null ? null : begin(registry, message, Step.DEAD_LETTER);
    if (watched == null) {
      return sending.get();
    }
    CompletableFuture<Receipt> sent;
    Watched.Scope scope = watched.open();
    try {
      sent = sending.get();
    } catch (RuntimeException | Error broken) {
      sent = CompletableFuture.failedFuture(broken);
    } finally {
      scope.close();
    }
    return sent.whenComplete((receipt, failure) -> watched.stop(failure));
  }

  private @Nullable Watched begin(ObservationRegistry to, Received message, Step step) {
    return Watched.start(
        () ->
            Observation.createNotStarted(
                null,
                step == Step.PROCESS ? PROCESSING : DEAD_LETTERS,
                () -> new HandleContext(receiver, message, step),
                to));
  }
}
