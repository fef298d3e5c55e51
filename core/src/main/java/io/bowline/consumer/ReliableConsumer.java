// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogView;
import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.gap.GapListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

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
   * What is missing now in the lanes that this member holds: gaps, which were told, before what is
   * suspected and may still come, and those of long ago first; at most 1,000 of them. As the
   * polling thread saw it, up to a second ago. Waits for nothing. Empty where gaps are not looked
   * for, and once the consumer is closed. What is missed by numbers of keys alone, since its
   * producer gives no numbers of lanes, is told once and not listed.
   */
  List<Gap> gaps();

  /**
   * Misses a gap no more, since somebody decided so: its numbers, as far as they are open, are
   * explained, and not taken for completed. If one of them comes after all it is handled. It is
   * told by {@link GapListener#onChange} and in the log, with the reason.
   *
   * @param gap as it was told, or listed by {@link #gaps}; its state is of no matter
   * @param reason who decided and why, for people
   * @return what became of it, once that is in the store, if there is one; fails with {@link
   *     IllegalStateException} if 1,000 others wait, and with what the store throws if the lane has
   *     to be claimed for it and cannot be. It completes within a second or so while the store can
   *     be reached, on a thread of the JVM's common pool
   * @throws IllegalArgumentException if the reason is blank, or the gap is of another topic or
   *     group
   */
  CompletableFuture<Dismissal> dismiss(Gap gap, String reason);

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
