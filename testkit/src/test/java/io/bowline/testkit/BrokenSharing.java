// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.Forwarding.Reading;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Transports whose members share lanes and groups wrongly, one defect each. */
final class BrokenSharing {
  private BrokenSharing() {}

  @CaughtBy("sendsAndSubscriptionsResumeAfterARestart")
  static final class DiesOfALostLane extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      List<Integer> lost = new ArrayList<>();
      LaneListener listener =
          new Telling(lanes) {
            @Override
            public void lost(Set<Integer> gone) {
              super.lost(gone);
              lost.addAll(gone);
            }
          };
      return new Reading(healthy.subscribe(spec, listener)) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          return lost.isEmpty() ? healthy.poll(max, timeout) : List.of();
        }
      };
    }
  }

  @CaughtBy("lanesAreAssignedBeforeTheirDeliveries")
  static final class TellsNoLanes extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      LaneListener listener =
          new Telling(lanes) {
            @Override
            public void assigned(Set<Integer> fresh) {
              super.assigned(Set.of());
            }
          };
      return healthy.subscribe(spec, listener);
    }
  }

  @CaughtBy("latenessIsPositiveBoundedAndNeverChanges")
  static final class IsLateForEver extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public Duration lateness() {
          return Duration.ofDays(1);
        }
      };
    }
  }

  @CaughtBy("latenessIsPositiveBoundedAndNeverChanges")
  static final class IsLateForSomeTimeOrOther extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        private int asked;

        @Override
        public Duration lateness() {
          return Duration.ofMillis(100L * ++asked);
        }
      };
    }
  }

  @CaughtBy("acceptedWhileRevokingDoesNotComeBack")
  static final class FlushesBeforeItRevokes extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      List<Boolean> revoking = new ArrayList<>();
      LaneListener listener =
          new Telling(lanes) {
            @Override
            public void revoking(Set<Integer> going) {
              revoking.add(true);
              super.revoking(going);
              revoking.clear();
            }
          };
      return new Reading(healthy.subscribe(spec, listener)) {
        @Override
        public boolean accept(Delivery delivery) {
          return !revoking.isEmpty() || healthy.accept(delivery);
        }
      };
    }
  }

  @CaughtBy("everyGroupSeesEveryMessage")
  static final class KnowsOneGroupOnly extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      String one = spec.topic() + "-g0";
      return healthy.subscribe(new SubscriptionSpec(spec.topic(), one, spec.maxUnsettled()), lanes);
    }
  }

  @CaughtBy({"twoMembersShareWithoutLoss", "joiningAndLeavingMidStreamLosesNothingAndKeepsOrder"})
  static final class LosesOneWhenLanesGo extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      List<Integer> gone = new ArrayList<>();
      LaneListener listener =
          new Telling(lanes) {
            @Override
            public void revoking(Set<Integer> going) {
              super.revoking(going);
              gone.addAll(going);
            }
          };
      return new Reading(healthy.subscribe(spec, listener)) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          List<Delivery> rest = new ArrayList<>(healthy.poll(max, timeout));
          if (!rest.isEmpty() && !gone.isEmpty()) {
            gone.clear();
            healthy.accept(rest.remove(0));
          }
          return rest;
        }
      };
    }
  }

  @CaughtBy("bothMembersGetWork")
  static final class GivesAllToOne extends BrokenKit {
    private final Map<String, Subscription> first = new ConcurrentHashMap<>();

    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      if (first.containsKey(spec.group())) {
        String elsewhere = spec.group() + "-bench";
        return new Reading(
            healthy.subscribe(new SubscriptionSpec(spec.topic(), elsewhere, 1), lanes)) {
          @Override
          public List<Delivery> poll(int max, Duration timeout) {
            return healthy.poll(0, timeout);
          }
        };
      }
      Subscription one = healthy.subscribe(spec, lanes);
      first.put(spec.group(), one);
      return new Reading(one) {
        @Override
        public void close() {
          first.remove(spec.group());
          super.close();
        }
      };
    }
  }

  @CaughtBy("anUnknownTopicCannotBeSubscribed")
  static final class WaitsForTheTopic extends BrokenKit {
    @Override
    Subscription broken(SubscriptionSpec spec, LaneListener lanes, Transport healthy) {
      try {
        return healthy.subscribe(spec, lanes);
      } catch (TransportException missing) {
        throw new TransportException(Verdict.UNKNOWN, "no such topic yet", missing);
      }
    }
  }

  private static class Telling implements LaneListener {
    private final LaneListener next;

    Telling(LaneListener next) {
      this.next = next;
    }

    @Override
    public void assigned(Set<Integer> lanes) {
      next.assigned(lanes);
    }

    @Override
    public void revoking(Set<Integer> lanes) {
      next.revoking(lanes);
    }

    @Override
    public void lost(Set<Integer> lanes) {
      next.lost(lanes);
    }
  }
}
