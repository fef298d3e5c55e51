// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogAlert;
import io.bowline.backlog.BacklogListener;
import io.bowline.machine.Machine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a listener of backlogs, on a thread of its own, one call at a time: neither the polling nor
 * the next look waits for it. While it is at work one crossing may wait; one back again takes that
 * away, since the listener has not heard of it. Thread-safe.
 */
final class AlertTeller {
  private static final Logger log = LoggerFactory.getLogger(AlertTeller.class);

  private final BacklogListener listener;
  private final Machine machine;
  private boolean telling;
  private boolean closed;
  private @Nullable BacklogAlert waiting;
  private @Nullable Thread caller;

  AlertTeller(BacklogListener listener, Machine machine) {
    this.listener = listener;
    this.machine = machine;
  }

  synchronized void tell(BacklogAlert alert) {
    if (closed) {
      return;
    }
    if (telling) {
      waiting = waiting == null ? alert : null;
      return;
    }
    telling = true;
    try {
      machine.start(() -> run(alert), "bowline-backlog-told-" + alert.group());
    } catch (RuntimeException | Error noThread) {
      telling = false;
      log.warn("The backlog listener could not be called with {}", alert, noThread);
    }
  }

  private void run(BacklogAlert first) {
    for (BacklogAlert next = first; next != null; next = next()) {
      call(next);
    }
  }

  private void call(BacklogAlert alert) {
    try {
      if (mayCall()) {
        listener.onBacklog(alert);
      }
    } catch (RuntimeException | Error failure) {
      log.warn("The backlog listener failed on {}", alert, failure);
    }
  }

  private synchronized boolean mayCall() {
    caller = Thread.currentThread();
    return !closed;
  }

  private synchronized @Nullable BacklogAlert next() {
    BacklogAlert next = closed ? null : waiting;
    waiting = null;
    telling = next != null;
    caller = null;
    return next;
  }

  /** Calls nobody any more, and interrupts a call that is not over. */
  synchronized void close() {
    closed = true;
    if (caller != null && caller != Thread.currentThread()) {
      caller.interrupt();
    }
  }
}
