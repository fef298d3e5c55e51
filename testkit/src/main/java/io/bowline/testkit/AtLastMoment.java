// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listener that accepts the one delivery it holds when its lane is about to go. */
final class AtLastMoment implements LaneListener {
  private @Nullable Subscription subscription;
  private @Nullable Delivery held;
  private boolean accepted;

  void hold(Subscription by, Delivery delivery) {
    subscription = by;
    held = delivery;
  }

  /** Whether it was told in time, and what it accepted was still ours. */
  boolean accepted() {
    return accepted;
  }

  @Override
  public void assigned(Set<Integer> lanes) {}

  @Override
  public void revoking(Set<Integer> lanes) {
    if (subscription != null && held != null && lanes.contains(held.lane())) {
      accepted = subscription.accept(held);
    }
  }

  @Override
  public void lost(Set<Integer> lanes) {}
}
