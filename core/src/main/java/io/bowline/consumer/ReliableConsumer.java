// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;

/** A member of a group at work; made by {@link ConsumerBuilder#start}. Thread-safe. */
public interface ReliableConsumer extends AutoCloseable {
  /** How long {@link #close()} waits for running handlers: 30 s. */
  Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

  /** The topic it reads. */
  String topic();

  /** The group it belongs to. */
  String group();

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
