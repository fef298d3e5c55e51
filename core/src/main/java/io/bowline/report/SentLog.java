// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import java.time.Instant;
import java.util.List;

/**
 * Remembers how much each source had sent by when, so that a {@link GapReport} can ask a group for
 * it. Producers write it themselves, or consumers that read their watermarks, or both: a mark that
 * is there already changes nothing. Thread-safe. Called on threads that may wait, at most for
 * seconds.
 */
public interface SentLog {

  /**
   * Adds these marks.
   *
   * @throws RuntimeException if that is not possible now; nothing depends on it, since later marks
   *     say the same and more
   */
  void add(List<SentMark> marks);

  /**
   * What was sent to a topic in this time: of each chain all marks from {@code from} to {@code to},
   * both included, and the last one before {@code from}; in no order.
   *
   * @throws RuntimeException if that is not possible now
   */
  List<SentMark> read(String topic, Instant from, Instant to);
}
