// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.Forwarding.Reading;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Transports whose members poll wrongly, one defect each. */
final class BrokenReads {
  private BrokenReads() {}

  @CaughtBy({"pollNeverExceedsItsMax", "pollOfZeroReturnsNone"})
  static final class ExceedsTheMax extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          return healthy.poll(max + 1, timeout);
        }
      };
    }
  }

  @CaughtBy("pollKeepsItsTimeout")
  static final class ReturnsAtOnce extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          return healthy.poll(max, Duration.ZERO);
        }
      };
    }
  }

  @CaughtBy("pollKeepsItsTimeout")
  static final class WaitsTooLong extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          boolean longer = timeout.toMillis() >= 500;
          return healthy.poll(max, longer ? timeout.plusMillis(2_200) : timeout);
        }
      };
    }
  }

  @CaughtBy("whoHoldsLanesAloneMissesNothingOfThem")
  static final class KeepsSomeMessagesToItself extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        private int polled;

        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          List<Delivery> shown = new ArrayList<>();
          for (Delivery delivery : healthy.poll(max, timeout)) {
            polled++;
            if (polled % 10 == 0) {
              healthy.accept(delivery);
            } else {
              shown.add(delivery);
            }
          }
          return shown;
        }
      };
    }
  }

  @CaughtBy("anInterruptEndsThePollAndStaysSet")
  static final class SwallowsInterrupts extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          List<Delivery> some = healthy.poll(max, timeout);
          boolean swallowed = Thread.interrupted();
          return swallowed ? List.of() : some;
        }
      };
    }
  }

  @CaughtBy("aSlowHandlerKeepsItsLanes")
  static final class RenewsOnlyWhenItReads extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          if (max > 0) {
            return healthy.poll(max, timeout);
          }
          LockSupport.parkNanos(timeout.toNanos());
          return List.of();
        }
      };
    }
  }

  @CaughtBy("aPauseEndsNoSubscription")
  static final class DiesOfAnEmptyPoll extends BrokenKit {
    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture("DiesOfAnEmptyPoll", this::broken) {
        @Override
        public void pause() {
          paused = true;
          super.pause();
        }

        @Override
        public void resume() {
          super.resume();
          paused = false;
        }
      };
    }

    private volatile boolean paused;

    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          if (paused) {
            throw new TransportException(Verdict.UNKNOWN, "the connection was lost");
          }
          return healthy.poll(max, timeout);
        }
      };
    }
  }
}
