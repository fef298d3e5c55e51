// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one key that arrived, in their order, of which one is worked on at a time.
 * Guarded by the scheduler's lock.
 */
final class WorkLine {
  final @Nullable LineId id;
  final Queue<Work> works = new ArrayDeque<>(1);

  /** A key of a lane while that is held: two assignments of one lane share no line. */
  record LineId(LaneWork lane, String key) {}

  WorkLine(@Nullable LineId id) {
    this.id = id;
  }
}
