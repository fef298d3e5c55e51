// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A transport that does what another does, for those that do one thing wrong. */
class Forwarding implements Transport {
  final Transport healthy;

  Forwarding(Transport healthy) {
    this.healthy = healthy;
  }

  @Override
  public int lanes(String topic) {
    return healthy.lanes(topic);
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    return healthy.send(message);
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    return healthy.subscribe(spec, lanes);
  }

  @Override
  public BrokerAdmin admin() {
    return healthy.admin();
  }

  @Override
  public void close() {
    healthy.close();
  }

  /** A subscription that does what another does. */
  static class Reading implements Subscription {
    final Subscription healthy;

    Reading(Subscription healthy) {
      this.healthy = healthy;
    }

    @Override
    public List<Delivery> poll(int max, Duration timeout) {
      return healthy.poll(max, timeout);
    }

    @Override
    public boolean accept(Delivery delivery) {
      return healthy.accept(delivery);
    }

    @Override
    public boolean release(Delivery delivery, Duration delay) {
      return healthy.release(delivery, delay);
    }

    @Override
    public boolean holdsLanesAlone() {
      return healthy.holdsLanesAlone();
    }

    @Override
    public boolean handsOutInTurns() {
      return healthy.handsOutInTurns();
    }

    @Override
    public Duration lateness() {
      return healthy.lateness();
    }

    @Override
    public void close() {
      healthy.close();
    }
  }
}
