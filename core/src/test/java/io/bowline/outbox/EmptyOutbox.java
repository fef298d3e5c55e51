// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.time.Duration;
import java.util.List;

/** An outbox in which nothing ever waits. */
public final class EmptyOutbox implements OutboxStore {

  @Override
  public String name() {
    return "trades";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public Standing beat(String relay, Duration lease) {
    return new Standing(List.of(), 1, 0);
  }

  @Override
  public List<LaneLease> take(String relay, int most, Duration lease) {
    return List.of();
  }

  @Override
  public void giveBack(List<LaneLease> leases) {}

  @Override
  public void leave(String relay) {}

  @Override
  public List<Integer> ready(String relay) {
    return List.of();
  }

  @Override
  public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
    return List.of();
  }

  @Override
  public boolean finish(LaneLease lease, List<Long> ids) {
    return true;
  }

  @Override
  public boolean park(LaneLease lease, OutboxRow row, String reason) {
    return true;
  }

  @Override
  public List<Parked> parked(int most) {
    return List.of();
  }

  @Override
  public boolean unpark(String token) {
    return false;
  }

  @Override
  public Pending pending() {
    return new Pending(0, Duration.ZERO, 0);
  }

  @Override
  public boolean numbered() {
    return false;
  }

  @Override
  public Listening listen(Runnable woken) {
    return () -> {};
  }
}
