// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.message.Names;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in the memory of this JVM, for tests: {@code Bowline.connect("memory://tests")} talks to
 * {@code InMemoryBroker.named("tests")}, and this handle breaks it on purpose and looks inside.
 *
 * <p>It keeps the rules that every transport keeps, proven by the same kit: order in a lane, lanes
 * shared among the members of a group, redelivery of what was released or left unsettled. Answers
 * to sends come on a thread of its own. A topic exists once it was ensured. Thread-safe.
 *
 * <p>A member that does not poll for 10 s is dropped; {@code memory://tests?lease.ms=500} sets that
 * time for the members of one transport.
 */
public final class InMemoryBroker {
  /** The most messages kept in a lane; beyond it the oldest that all groups have goes. */
  public static final int LANE_CAPACITY = 100_000;

  /** The largest message in bytes, body and headers, unless {@link #limitMessages} says other. */
  public static final int MESSAGE_LIMIT = 4 * 1024 * 1024;

  private static final Map<String, InMemoryBroker> NAMED = new ConcurrentHashMap<>();

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Topic> topics = new TreeMap<>();
  private final Intake intake = new Intake(this);
  private long changes;
  private boolean paused;
  private boolean killed;

  private InMemoryBroker(String name) {
    this.name = name;
  }

  /**
   * The broker of this name in this JVM, made at the first call.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public static InMemoryBroker named(String name) {
    return NAMED.computeIfAbsent(Names.required("broker name", name), InMemoryBroker::new);
  }

  /** Where clients connect: {@code memory://name}. */
  public String address() {
    return "memory://" + name;
  }

  /** Answers nothing until {@link #resume}: sends end UNKNOWN, and are stored once it goes on. */
  public void pause() {
    change(() -> paused = true);
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    change(() -> paused = false);
  }

  /** Dies: sends under way end UNKNOWN, members are dropped; what was stored stays stored. */
  public void kill() {
    change(
        () -> {
          killed = true;
          paused = false;
          intake.cut();
          drop(member -> true);
        });
  }

  /** Starts again after {@link #kill}. */
  public void start() {
    change(() -> killed = false);
  }

  /**
   * Fails the next sends without storing them; {@link Verdict#UNKNOWN} looks like a connection cut
   * before the message arrived.
   */
  public void failNext(int sends, Verdict verdict) {
    change(() -> intake.failNext(sends, verdict));
  }

  /** Stores the next sends and answers UNKNOWN, like a connection cut before the confirm. */
  public void cutAfterStoring(int sends) {
    change(() -> intake.cutAfterStoring(sends));
  }

  /** Refuses messages of more than so many bytes, body and headers, from now on. */
  public void limitMessages(int bytes) {
    change(() -> intake.limitMessages(bytes));
  }

  /** Loses stored messages, as no broker should: no group sees them from now on. */
  public int lose(String topic, Predicate<Outgoing> which) {
    return locked(() -> existing(topic).lose(which));
  }

  /**
   * Ends a client as a crash would: its members are dropped, its sends end UNKNOWN and its polls
   * fail.
   *
   * @throws IllegalArgumentException if it is no transport of this broker
   */
  public void crash(Transport transport) {
    if (!(transport instanceof MemoryTransport client) || !client.isOf(this)) {
      throw new IllegalArgumentException("Not a transport of " + address() + ": " + transport);
    }
    client.crash();
  }

  /** Drops all members of a group, as if their leases ran out; they join again when they poll. */
  public void expireMembers(String topic, String group) {
    change(() -> existing(topic).group(group).drop(member -> true));
  }

  /** What lies in a topic, lane by lane, oldest first. */
  public List<Outgoing> stored(String topic) {
    return locked(
        () -> {
          List<Outgoing> all = new ArrayList<>();
          existing(topic).lanes.forEach(lane -> lane.forEach(kept -> all.add(kept.message())));
          return all;
        });
  }

  /** How many messages of a topic a group has not accepted. */
  public int unaccepted(String topic, String group) {
    return locked(
        () -> existing(topic).group(group).lanes.stream().mapToInt(GroupLane::size).sum());
  }

  @Override
  public String toString() {
    return address();
  }

  Intake intake() {
    return intake;
  }

  /** Whether it answers. Read under the lock. */
  boolean reachable() {
    return !paused && !killed;
  }

  boolean isKilled() {
    return killed;
  }

  @Nullable Topic find(String topic) {
    return topics.get(topic);
  }

  Topic existing(String topic) {
    Topic found = topics.get(topic);
    if (found == null) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic " + topic + " does not exist on " + address() + ": ensure it first");
    }
    return found;
  }

  List<String> topics() {
    return topics.keySet().stream().sorted().toList();
  }

  void create(String topic, int lanes) {
    topics.put(topic, new Topic(lanes));
  }

  void drop(Predicate<Membership> which) {
    topics.values().forEach(topic -> topic.groups.values().forEach(group -> group.drop(which)));
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Changes the state and wakes whoever waits for one. */
  void change(Runnable work) {
    lock.lock();
    try {
      work.run();
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, holding the lock, for a change or this long. */
  void awaitChange(long nanos) throws InterruptedException {
    long before = changes;
    long left = nanos;
    while (changes == before && left > 0) {
      left = changed.awaitNanos(left);
    }
  }

  /** Waits, holding the lock, until the broker answers; false if it did not in time. */
  boolean awaitReachable(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    while (!reachable() && !interrupted && deadline - System.nanoTime() > 0) {
      try {
        awaitChange(deadline - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
        Thread.currentThread().interrupt();
      }
    }
    return reachable();
  }

  /** Does something that needs an answer within the connect timeout. */
  <T> T answered(Duration timeout, String what, Supplier<T> work) {
    return locked(
        () -> {
          if (!awaitReachable(timeout)) {
            throw new TransportException(
                Verdict.UNKNOWN,
                what + ": no answer from " + address() + " within " + timeout + "; is it running?");
          }
          return work.get();
        });
  }
}
