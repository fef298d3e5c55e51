// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogView;
import java.time.Duration;
import java.util.Set;

/** A member of a group at work; made by {@link ConsumerBuilder#start}. Thread-safe. */
public interface ReliableConsumer extends AutoCloseable {
  /** How long {@link #close()} waits for running handlers: 30 s. */
  Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

  /** The topic it reads. */
  String topic();

  /** The group it belongs to. */
  String group();

  /** As {@link #pause(String)}, without a reason. */
  void pause();

  /**
   * Begins nothing new until {@link #resume}: no handler is called, a message that waits for its
   * next try included, and nothing more is asked of the broker. What is at work finishes and is
   * acknowledged, and the consumer stays a member and keeps its lanes, however long it lasts: a
   * lane whose owner is paused waits with it. Returns at once; a handler may begin in this very
   * moment. Pausing again changes the reason.
   *
   * @param why who pauses and why, in the log and for people
   * @throws IllegalArgumentException if the reason is blank
   */
  void pause(String why);

  /** Goes on after {@link #pause}; without one it does nothing. */
  void resume();

  /** Whether it is paused. */
  boolean isPaused();

  /**
   * How it is now, and why: STUCK if the handler of a message has been at work, no message in
   * memory was acknowledged, or no poll returned for {@link ConsumerBuilder#stuckAfter}, or if the
   * polling thread died; DEGRADED while it is paused or joins anew, a message has been failing for
   * that long, or the last ten calls of the handler all failed. What handlers do is seen by the
   * second. Waits for nothing. While it is STUCK this is also logged, at WARN, once a minute.
   */
  Health health();

  /**
   * What is left for the group, by lane, as the last look saw it: what the broker said, with what
   * this member holds in memory. Waits for nothing, so it may serve a probe. The first call begins
   * the looks, unless a metrics registry, {@link ConsumerBuilder#onBacklog} or {@link
   * ConsumerBuilder#shed} began them with the consumer; then comes one every {@link
   * ConsumerBuilder#lagEvery}. Until the first answer, while the broker does not tell, and once the
   * consumer is closed, nothing is known, and it says why. To wait for a fresh answer ask {@code
   * bowline.admin().backlog(topic, group)}.
   */
  BacklogView backlog();

  /**
   * The keys whose messages follow an earlier one to the dead letters, as they are now; empty
   * unless {@link ConsumerBuilder#parkKey} was said.
   */
  Set<String> parkedKeys();

  /**
   * The key's messages are handled again, from the next one on. What lies among the dead letters
   * stays there, until it is replayed.
   *
   * @return false if the key was not parked
   */
  boolean unpark(String key);

  /**
   * Begins nothing new, waits for the handlers at work, at most this long, acknowledges what they
   * did and leaves the group. What was not begun goes to another member. Handlers still at work
   * after that are interrupted. Called from a handler it waits for nothing and reports what is so
   * far. Closing again returns the same report.
   */
  DrainReport close(Duration timeout);

  /** As {@link #close(Duration)} with {@link #DEFAULT_DRAIN}. */
  @Override
  void close();
}
