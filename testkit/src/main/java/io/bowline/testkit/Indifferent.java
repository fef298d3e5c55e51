// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.transport.LaneListener;
import java.util.Set;

/** A listener for members that take whatever lanes they get. */
final class Indifferent implements LaneListener {
  @Override
  public void assigned(Set<Integer> lanes) {}

  @Override
  public void revoking(Set<Integer> lanes) {}

  @Override
  public void lost(Set<Integer> lanes) {}
}
