// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.SteadyClock;
import io.bowline.transport.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is unresolved, and how the rest ended: each send ends here, once. The callers' futures
 * complete elsewhere. Thread-safe.
 */
final class SendAccounts {
  final SendWindow window;
  final Unresolved unresolved;
  private final Runs<PendingSend> completions;
  private final SteadyClock clock;
  private final SendMeters meters;
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder unknown = new LongAdder();

  SendAccounts(
      SendWindow window, Runs<PendingSend> completions, SteadyClock clock, SendMeters meters) {
    this.window = window;
    this.unresolved = new Unresolved(window.mostMessages());
    this.completions = completions;
    this.clock = clock;
    this.meters = meters;
  }

  /** Rejects a send that never entered; on the caller's own thread. */
  void notEntered(PendingSend send, SendException why) {
    rejected.increment();
    send.failure = why;
    measure(send, Outcome.REJECTED);
    send.complete();
  }

  /** Ends a send that is stored; false if it was ended before. */
  boolean confirmed(PendingSend send, Receipt receipt) {
    if (!unresolved.remove(send)) {
      return false;
    }
    send.receipt = receipt;
    confirmed.increment();
    ended(send, Outcome.CONFIRMED);
    return true;
  }

  /** Ends a send that was not confirmed; false if it was ended before. */
  boolean failed(PendingSend send, SendException failure) {
    boolean mine = unresolved.remove(send);
    if (mine) {
      ended(send, failure);
    }
    return mine;
  }

  /** Ends a send that was taken out of the unresolved ones. */
  void ended(PendingSend send, SendException failure) {
    send.failure = failure;
    (failure.outcome() == Outcome.REJECTED ? rejected : unknown).increment();
    ended(send, failure.outcome());
  }

  private void ended(PendingSend send, Outcome outcome) {
    measure(send, outcome);
    boolean byItsWaiter = send.future.isAwaitedAlone();
    if (!byItsWaiter) {
      completions.add(send);
    }
    window.leave(send.size());
    if (byItsWaiter && !send.future.wakeWaiter()) { // he left meanwhile
      completions.add(send);
    }
  }

  private void measure(PendingSend send, Outcome outcome) {
    if (meters.on()) {
      meters.topic(send.message.topic()).ended(outcome, clock.nanos() - send.began);
    }
  }

  /** A send is tried again. */
  void retrying(PendingSend send) {
    send.retried();
    meters.topic(send.message.topic()).retried();
  }

  /** A send was stored behind later ones of its key. */
  void reordered(PendingSend send) {
    meters.topic(send.message.topic()).reordered();
  }

  /** Those that have no outcome now. */
  List<PendingSend> open() {
    List<PendingSend> open = new ArrayList<>();
    unresolved.forEach(open::add);
    return open;
  }

  SendReport report(List<SendResult> closing) {
    return new SendReport(confirmed.sum(), rejected.sum(), unknown.sum(), closing);
  }
}
