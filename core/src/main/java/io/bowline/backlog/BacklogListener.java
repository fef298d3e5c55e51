// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

/** Hears when the backlog of a group crosses a threshold. */
@FunctionalInterface
public interface BacklogListener {
  /**
   * The backlog became high, or low again. Called once per crossing, on a thread of its own, one
   * call at a time; what it throws is logged. Each member of a group tells for itself.
   */
  void onBacklog(BacklogAlert alert);
}
