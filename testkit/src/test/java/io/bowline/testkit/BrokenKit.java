// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.testkit.memory.InMemoryFixture;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** The kit on an in-memory transport with one defect; override the part that is broken. */
abstract class BrokenKit extends TransportConformance {

  /** The behaviours that must go red. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface CaughtBy {
    String[] value();
  }

  /** A transport that sends wrongly. */
  Transport broken(Transport healthy) {
    return new Forwarding(healthy) {
      @Override
      public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
        return broken(spec, lanes, healthy);
      }
    };
  }

  /** A subscription that is wrong from the start. */
  Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
    return broken(healthy.subscribe(spec, lanes));
  }

  /** A subscription that reads wrongly. */
  Subscription broken(Subscription healthy) {
    return healthy;
  }

  @Override
  protected BrokerFixture broker() {
    return new BrokenFixture(getClass().getSimpleName(), this::broken);
  }

  /** An in-memory broker behind a broken transport. */
  static class BrokenFixture extends InMemoryFixture {
    final InMemoryBroker behind;
    private final UnaryOperator<Transport> defect;

    BrokenFixture(String name, UnaryOperator<Transport> defect) {
      super(name, Duration.ofSeconds(4));
      this.behind = InMemoryBroker.named(name);
      this.defect = defect;
    }

    @Override
    public Transport connect(TransportConfig config) {
      return defect.apply(super.connect(config));
    }

    @Override
    protected void crash(Transport transport) {
      super.crash(transport instanceof Forwarding wrapped ? wrapped.healthy : transport);
    }
  }
}
