// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.BrokerEvents;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of sends tell of the way to the broker: the client shows no connections, so one is
 * lost when a request was cut or had no answer, and restored by the next answer. Thread-safe.
 */
final class SendSigns {
  /** The connections of sends, as one. */
  static final String SENDING = "sending";

  static final String BUSY = "too many requests";

  /** So long after the last such answer the broker is tried again. */
  static final long PAUSE_MILLIS = 200;

  private final BrokerEvents events;
  private volatile boolean lost;
  private boolean busy;
  private boolean timer;
  private boolean closed;

  SendSigns(BrokerEvents events) {
    this.events = events;
  }

  /** A send ended. */
  void ended(@Nullable Throwable failure) {
    if (failure == null || RocketVerdicts.isAnswer(failure)) {
      if (lost) {
        restored();
      }
      if (failure != null && RocketVerdicts.isTooBusy(failure)) {
        tooBusy(failure);
      }
    } else if (RocketVerdicts.isCut(failure) || RocketVerdicts.isDeadline(failure)) {
      lost(failure);
    }
  }

  private synchronized void lost(Throwable failure) {
    if (!lost && !closed) {
      lost = true;
      events.lost(SENDING, RocketVerdicts.described(failure));
    }
  }

  private synchronized void restored() {
    if (lost) {
      lost = false;
      events.restored(SENDING);
    }
  }

  private synchronized void tooBusy(Throwable failure) {
    if (closed) {
      return;
    }
    busy = true;
    events.blocked(BUSY, RocketVerdicts.described(failure));
    if (!timer) {
      timer = true;
      await();
    }
  }

  private void await() {
    CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS).execute(this::look);
  }

  /** Another such answer since the last look makes it wait once more. */
  private synchronized void look() {
    if (!timer) {
      return;
    }
    if (busy) {
      busy = false;
      await();
    } else {
      timer = false;
      events.unblocked(BUSY);
    }
  }

  /** Nothing is told any more, but that nothing is blocked. */
  synchronized void close() {
    closed = true;
    if (timer) {
      timer = false;
      events.unblocked(BUSY);
    }
  }
}
