// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.testkit.simulation.SimulatedBroker.Kept;
import io.bowline.transport.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One arrival of a message in the simulation. */
final class SimulatedDelivery implements Delivery {
  final Kept kept;
  private final int attempt;
  private final int lane;
  boolean settled;

  SimulatedDelivery(Kept kept, int attempt, int lane) {
    this.kept = kept;
    this.attempt = attempt;
    this.lane = lane;
  }

  @Override
  public String topic() {
    return kept.message.topic();
  }

  @Override
  public int lane() {
    return lane;
  }

  @Override
  public @Nullable String key() {
    return kept.message.key();
  }

  @Override
  public Map<String, String> headers() {
    return kept.message.headers();
  }

  @Override
  public byte[] body() {
    return kept.message.body();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public String position() {
    return Long.toString(kept.offset);
  }

  @Override
  public String nativeId() {
    return topic() + "/" + lane + "/" + kept.offset;
  }
}
