// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.BrokenFixture;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.Forwarding.Reading;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.util.Set;

/** Transports on which losses cannot be told from what is well, one defect each. */
final class BrokenGaps {
  private BrokenGaps() {}

  /** The kit of gaps on an in-memory transport with one defect. */
  private abstract static class BrokenGapKit extends GapConformance {
    abstract Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy);

    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture(getClass().getSimpleName(), this::broken);
    }

    private Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
          return broken(spec, lanes, healthy);
        }
      };
    }
  }

  @CaughtBy("whatWasLostBehindAGroupsBackIsNamedByItsNumbers")
  static final class SharesItsLanes extends BrokenGapKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      return new Reading(healthy.subscribe(spec, lanes)) {
        @Override
        public boolean holdsLanesAlone() {
          return false;
        }
      };
    }
  }

  @CaughtBy("whatAnotherMemberDidIsNotNamed")
  static final class GivesLanesAwayUntold extends BrokenGapKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      return healthy.subscribe(
          spec,
          new LaneListener() {
            @Override
            public void assigned(Set<Integer> more) {
              lanes.assigned(more);
            }

            @Override
            public void revoking(Set<Integer> fewer) {}

            @Override
            public void lost(Set<Integer> fewer) {}
          });
    }
  }
}
