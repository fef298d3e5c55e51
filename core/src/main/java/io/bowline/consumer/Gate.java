// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Admission.Answer;
import io.bowline.consumer.Signs.GateSigns;
import io.bowline.consumer.Signs.Shut;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each call of a handler passes. While it is shut the lines wait here, without a thread, in
 * the order of their coming: no more of them than the consumer holds messages. It carries out what
 * {@link Admission} and {@link Circuit} decide. Thread-safe.
 */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  /** Shorter waits are not worth a timer: the burst is larger than what comes meanwhile. */
  private static final long SHORTEST_WAIT = Duration.ofMillis(1).toNanos();

  /** How often to see whether the probe is still there. */
  private static final long PROBE_LOOK = Duration.ofSeconds(1).toNanos();

  private final String who;
  private final Rules rules;
  private final Admission admission;
  private final @Nullable Circuit circuit;
  private final LongSupplier nanos;
  private final Later later;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private @Nullable Work probe;
  private boolean timerSet;
  private long wakesAt;
  private volatile boolean free;
  private volatile boolean calm = true;
  private volatile GateSigns signs;

  /** A timer. */
  interface Later {
    /** Runs this after a delay. */
    void after(Duration delay, Runnable task);
  }

  /** What holds calls back, if anything; a circuit comes with the rule that it was made of. */
  record Rules(
      @Nullable TokenBucket limit,
      @Nullable CircuitBreaker breaker,
      @Nullable Circuit circuit,
      FailureClasses failures) {
    static final Rules NONE = new Rules(null, null, null, FailureClasses.DEFAULT);
  }

  private record Waiting(Work work, Runnable goOn) {}

  /**
   * @param who for the log
   */
  Gate(String who, Rules rules, LongSupplier nanos, Later later) {
    this.who = who;
    this.rules = rules;
    this.circuit = rules.circuit;
    this.admission = new Admission(rules.limit, circuit);
    this.nanos = nanos;
    this.later = later;
    this.free = admission.isFree();
    this.signs = new GateSigns(null, null, nanos.getAsLong());
  }

  /** Whether nobody needs to ask {@link #admits}: at the cost of one volatile read. */
  boolean isFree() {
    return free;
  }

  /**
   * Whether this may begin now. If not it is kept, and told to go on when it is its turn; then it
   * asks again, and may.
   */
  boolean admits(Work work, Runnable goOn) {
    if (work.admitted || !work.lane.isOpen()) { // the latter ends at once
      work.admitted = false;
      return true;
    }
    lock.lock();
    try {
      boolean first = waiting.isEmpty();
      boolean begins = first && begins(work);
      if (!begins) {
        waiting.add(new Waiting(work, goOn));
        if (first) {
          wakeInTime();
        }
      }
      return begins;
    } finally {
      lock.unlock();
    }
  }

  private boolean begins(Work work) {
    Answer answer = admission.ask(nanos.getAsLong());
    if (answer == Answer.PROBE) {
      probe = work;
    }
    return answer != Answer.WAIT;
  }

  /** Lets those go on whose turn it is. */
  private void open() {
    List<Waiting> next = new ArrayList<>();
    lock.lock();
    try {
      forgetLostProbe();
      Waiting first = waiting.peek();
      while (first != null && letsIn(first.work)) {
        next.add(waiting.remove());
        first = waiting.peek();
      }
      if (first != null) {
        wakeInTime();
      }
    } finally {
      lock.unlock();
    }
    next.forEach(one -> one.goOn.run());
  }

  /** What came by an assignment that is over takes nobody's turn. */
  private boolean letsIn(Work work) {
    if (!work.lane.isOpen()) {
      return true;
    }
    work.admitted = begins(work);
    return work.admitted;
  }

  /** A probe whose lane went away before its handler was called would never end. */
  private void forgetLostProbe() {
    Work lost = probe;
    if (circuit != null && lost != null && !lost.lane.isOpen() && !lost.isAtWork()) {
      probe = null;
      circuit.toldNothing(nanos.getAsLong());
    }
  }

  private void wakeInTime() {
    long wait = admission.untilNext(nanos.getAsLong());
    if (wait == Admission.UNTIL_TOLD && probe != null) {
      wait = PROBE_LOOK;
    }
    if (wait == Admission.UNTIL_TOLD) {
      return;
    }
    long at = nanos.getAsLong() + Math.max(wait, SHORTEST_WAIT);
    if (!timerSet || at < wakesAt) {
      timerSet = true;
      wakesAt = at;
      later.after(Duration.ofNanos(Math.max(wait, SHORTEST_WAIT)), this::wake);
    }
  }

  private void wake() {
    lock.lock();
    try {
      timerSet = false;
    } finally {
      lock.unlock();
    }
    open();
  }

  void pause(String why) {
    lock.lock();
    try {
      admission.pause();
      Shut before = signs.paused();
      long since = before == null ? nanos.getAsLong() : before.since();
      signs = new GateSigns(new Shut(why, since), signs.broken(), signs.open());
      free = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was paused. */
  boolean resume() {
    boolean was;
    lock.lock();
    try {
      was = isPaused();
      if (was) {
        admission.resume();
        signs = new GateSigns(null, signs.broken(), nanos.getAsLong());
        free = admission.isFree();
      }
    } finally {
      lock.unlock();
    }
    open();
    return was;
  }

  boolean isPaused() {
    return signs.paused() != null;
  }

  /**
   * A call of a handler ended.
   *
   * @return whether a failure is to be held against its message: not if nobody's call would have
   *     ended well
   */
  boolean ended(Work work, @Nullable Throwable failure) {
    if (circuit == null || (failure == null && calm)) {
      return true;
    }
    boolean against;
    lock.lock();
    try {
      boolean closed = circuit.isClosed();
      against = judge(circuit, work, failure);
      calm = circuit.isCalm();
      free = admission.isFree();
      if (closed != circuit.isClosed()) {
        turned(circuit, failure);
      }
    } finally {
      lock.unlock();
    }
    open();
    return against;
  }

  private boolean judge(Circuit circuit, Work work, @Nullable Throwable failure) {
    boolean probed = probe == work;
    if (probed) {
      probe = null;
    }
    long now = nanos.getAsLong();
    if (failure == null) {
      circuit.succeeded(probed);
      return true;
    }
    CircuitBreaker breaker = rules.breaker;
    if (work.lane.isOpen() && breaker != null && breaker.counts(failure, rules.failures)) {
      return circuit.failed(probed, now);
    }
    if (probed) {
      circuit.toldNothing(now);
    }
    return true;
  }

  private void turned(Circuit circuit, @Nullable Throwable failure) {
    long now = nanos.getAsLong();
    if (circuit.isClosed()) {
      signs = new GateSigns(signs.paused(), null, now);
      log.info("{} works again: a message that was tried went well", who);
    } else {
      String last = failure == null ? "nothing" : failure.getClass().getName();
      signs = new GateSigns(signs.paused(), new Shut(last, now), signs.open());
      log.warn(
          "{} holds its messages back, since the handler failed again and again, at last by {}. No"
              + " attempt of a message is spent meanwhile; one is tried now and then, the first in"
              + " {} ms",
          who,
          last,
          Duration.ofNanos(circuit.untilNext(now)).toMillis());
    }
  }

  /** What a watchdog wants to know. */
  GateSigns signs() {
    return signs;
  }
}
