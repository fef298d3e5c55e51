// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

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

/** Accepts each delivery when it comes, before anybody has worked on it. */
final class EarlyMember implements Transport {
  private final Transport real;

  EarlyMember(Transport real) {
    this.real = real;
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    return new Early(real.subscribe(spec, lanes));
  }

  private record Early(Subscription real) implements Subscription {
    @Override
    public List<Delivery> poll(int max, Duration timeout) {
      List<Delivery> polled = real.poll(max, timeout);
      polled.forEach(real::accept);
      return polled;
    }

    @Override
    public boolean accept(Delivery delivery) {
      return true;
    }

    @Override
    public boolean release(Delivery delivery, Duration delay) {
      return true;
    }

    @Override
    public boolean holdsLanesAlone() {
      return real.holdsLanesAlone();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Override
  public int lanes(String topic) {
    return real.lanes(topic);
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    return real.send(message);
  }

  @Override
  public BrokerAdmin admin() {
    return real.admin();
  }

  @Override
  public void close() {
    real.close();
  }
}
